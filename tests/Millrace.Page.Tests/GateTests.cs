using System.Net;

namespace Millrace.Page.Tests;

public sealed class GateTests
{
    const string Token = "f00d";

    [Theory]
    [InlineData("/")]
    [InlineData("/js/main.js")]
    [InlineData("/api/stand")]
    [InlineData("/api/nothing")]
    public async Task Every_answer_forbids_scripts_frames_and_guesses_about_its_type(string path)
    {
        await using var page = await RunningPage.StartAsync();
        using var answer = await page.Client.GetAsync(path);
        Assert.Contains("default-src 'self'; frame-ancestors 'none'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_page_of_another_site_gets_nothing(string header, string value)
    {
        await using var page = await RunningPage.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/stand");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await page.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains(value, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_a_token_the_link_gives_a_cookie_and_nothing_is_shown_without()
    {
        await using var page = await RunningPage.StartAsync(Token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await page.Client.GetAsync("/api/stand")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await page.Client.GetAsync("/?token=beef")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await page.Client.GetAsync("/ping")).StatusCode);

        using var link = await page.Client.GetAsync($"/find?topic=orders&token={Token}");
        Assert.Equal(HttpStatusCode.Redirect, link.StatusCode);
        Assert.Equal("/find?topic=orders", link.Headers.Location!.OriginalString);
        var cookie = Header(link, "Set-Cookie");
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/stand");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, (await page.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_link_on_another_site_opens_the_page_and_an_image_there_does_not()
    {
        await using var page = await RunningPage.StartAsync();
        foreach (var (mode, target, status) in new[]
        {
            ("navigate", "document", HttpStatusCode.OK), ("navigate", "iframe", HttpStatusCode.Forbidden), ("no-cors", "image", HttpStatusCode.Forbidden),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/find?topic=orders");
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "cross-site");
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Mode", mode);
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Dest", target);
            Assert.Equal(status, (await page.Client.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task A_link_with_a_token_leads_to_no_other_host()
    {
        await using var page = await RunningPage.StartAsync(Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{page.Url.GetLeftPart(UriPartial.Authority)}//evil.example/?token={Token}"));
        using var answer = await page.Client.SendAsync(request);
        Assert.Equal("/evil.example/", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_password_of_a_server_is_in_no_answer()
    {
        await using var page = await RunningPage.StartAsync();
        Assert.DoesNotContain("hidden", await page.Client.GetStringAsync("/api/stand"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/nothing", HttpStatusCode.NotFound)]
    [InlineData("/js/nothing.js", HttpStatusCode.NotFound)]
    [InlineData("/../PageHost.cs", HttpStatusCode.NotFound)]
    [InlineData("/api/past?minutes=61", HttpStatusCode.BadRequest)]
    [InlineData("/find", HttpStatusCode.OK)]
    public async Task An_address_has_its_answer_and_what_is_wrong_is_a_sentence(string path, HttpStatusCode status)
    {
        await using var page = await RunningPage.StartAsync();
        using var answer = await page.Client.GetAsync(path);
        Assert.Equal(status, answer.StatusCode);
        if (status != HttpStatusCode.OK)
            Assert.Matches("""\{"error":".+"\}""", await answer.Content.ReadAsStringAsync());
    }

    static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));
}
