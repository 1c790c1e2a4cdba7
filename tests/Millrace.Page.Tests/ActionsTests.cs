using System.Net;
using Millrace.Streams.Status;
using Millrace.Testing;

namespace Millrace.Page.Tests;

public sealed class ActionsTests
{
    [Theory]
    [InlineData("/api/actions/restart", """{"service": "emitter"}""")]
    [InlineData("/api/actions/kill", """{"service": "emitter"}""")]
    [InlineData("/api/actions/rate", """{"events_per_second": 5}""")]
    public async Task Without_a_supervisor_every_action_is_refused_in_a_sentence(string path, string body)
    {
        await using var page = await RunningPage.StartAsync();
        var (status, answer) = await PostAsync(page, path, body);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("No supervisor of Millrace keeps this stand", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_there_is_not_is_not_found_and_others_are_restarted()
    {
        var supervisor = new TestSupervisor();
        await using var page = await RunningPage.StartAsync(supervisor: supervisor);
        var service = new ServiceFacts("emitter", "running", 7, RunningPage.Start, 0, null, null, 0, 0);
        page.Hub.Publish(RunningPage.Document(1) with { Services = [service] });

        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(page, "/api/actions/restart", """{"service": "nobody"}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(page, "/api/actions/restart", """{"service": "emitter"}""")).Status);
        Assert.Equal(["restart emitter"], supervisor.Asked);
    }

    [Theory]
    [InlineData("""{"events_per_second": -1}""")]
    [InlineData("""{"events_per_second": 1.5}""")]
    [InlineData("{}")]
    public async Task A_rate_that_is_none_does_not_reach_the_supervisor(string body)
    {
        var supervisor = new TestSupervisor();
        await using var page = await RunningPage.StartAsync(supervisor: supervisor);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(page, "/api/actions/rate", body)).Status);
        Assert.Empty(supervisor.Asked);
    }

    [Fact]
    public async Task What_the_supervisor_could_not_do_is_said_in_its_words()
    {
        await using var page = await RunningPage.StartAsync(supervisor: new TestSupervisor { Answer = "The stand is going down." });
        var (status, answer) = await PostAsync(page, "/api/actions/rate", """{"events_per_second": 5}""");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("The stand is going down.", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_record_for_a_stream_that_there_is_not_is_not_found()
    {
        await using var page = await RunningPage.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(page, "/api/actions/broken-record", """{"stream": "nothing"}""")).Status);
    }

    [Theory]
    [InlineData("/api/actions/pause")]
    [InlineData("/api/actions/resume")]
    public async Task A_stream_is_paused_and_resumed_without_a_supervisor_by_a_post_alone_where_there_is_such_a_stream(string path)
    {
        using var clickHouse = new RefusingClickHouse(497, "default: Not enough privileges.");
        await using var page = await RunningPage.StartAsync(clickHouse: clickHouse.Url);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(page, path, """{"stream": "nothing"}""")).Status);

        // It got as far as ClickHouse, whose refusal is told.
        var (status, answer) = await PostAsync(page, path, """{"stream": "orders"}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("Not enough privileges", answer, StringComparison.Ordinal);

        using var got = await page.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, got.StatusCode);
    }

    [Fact]
    public async Task A_page_of_elsewhere_pauses_nothing()
    {
        await using var page = await RunningPage.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/actions/pause", UriKind.Relative))
        {
            Content = new StringContent("""{"stream": "orders"}""", mediaType: new("application/json")),
            Headers = { { "Origin", "http://elsewhere.example" } },
        };
        using var answer = await page.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    static async Task<(HttpStatusCode Status, string Answer)> PostAsync(RunningPage page, string path, string body)
    {
        using var content = new StringContent(body, mediaType: new("application/json"));
        using var answer = await page.Client.PostAsync(new Uri(path, UriKind.Relative), content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
