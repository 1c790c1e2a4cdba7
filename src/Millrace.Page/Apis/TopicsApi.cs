using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Page.Http;
using Millrace.Page.Records;
using Millrace.Page.Stand;
using Millrace.Streams.Kafka;

namespace Millrace.Page.Apis;

/// <summary>
/// <c>/api/topics</c>: the topics and their partitions; <c>/api/topics/settings</c>: of one; <c>/api/topics/records</c>: a page of the
/// records of one, the newest, or <c>before</c> or <c>after</c> what a page before said, or from an <c>offset</c> or a <c>time</c> on.
/// </summary>
sealed class TopicsApi : IPageApi
{
    static readonly TimeSpan Keep = TimeSpan.FromSeconds(1.8);

    public void Map(IEndpointRouteBuilder routes, PageStand stand)
    {
        routes.MapShared("/api/topics", Keep, () => ListAsync(stand));
        routes.MapGet("/api/topics/settings", async context =>
        {
            var settings = await stand.Kafka.SettingsOfAsync(context.RequiredText("topic")).ConfigureAwait(false);
            await Answer.JsonAsync(context, settings).ConfigureAwait(false);
        });
        routes.MapGet("/api/topics/records", context => ShowAsync(context, stand));
    }

    /// <summary>Asked each two seconds: of a Kafka with thousands of topics, the stand's own have their sizes told.</summary>
    static Task<IReadOnlyList<TopicDescription>> ListAsync(PageStand stand) =>
        stand.Kafka.ListTopicsAsync([.. stand.Catalog.Streams.Select(stream => stream.Topic)], stand.Stopping);

    static async Task ShowAsync(HttpContext context, PageStand stand)
    {
        var page = await stand.Reading.RunAsync(context, () => ReadAsync(context, stand)).ConfigureAwait(false);
        await Answer.JsonAsync(context, TopicPageAnswer.Of(page)).ConfigureAwait(false);
    }

    static Task<TopicPage> ReadAsync(HttpContext context, PageStand stand)
    {
        var pages = new TopicPages(stand.Endpoints, stand.Kafka);
        int? partition = context.Text("partition") is null ? null : context.RequiredInt("partition");
        var choice = new TopicChoice(context.RequiredText("topic"), partition, RecordFilter.Of(context.Text("filter")));
        if (context.Text("after") is { } after) return pages.OnwardsAsync(choice, OffsetMap.Read(after), context.RequestAborted);
        if (context.Text("before") is { } before) return pages.BackwardsAsync(choice, OffsetMap.Read(before), context.RequestAborted);
        if (context.Text("time") is not null) return pages.SinceAsync(choice, TimeOf(context), context.RequestAborted);
        if (context.Text("offset") is null) return pages.BackwardsAsync(choice, null, context.RequestAborted);
        var from = new Dictionary<int, long> { [context.RequiredInt("partition")] = context.RequiredLong("offset") };
        return pages.OnwardsAsync(choice, from, context.RequestAborted);
    }

    static DateTimeOffset TimeOf(HttpContext context) =>
        context.RequiredLong("time") is var milliseconds && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw new RefusedException(StatusCodes.Status400BadRequest, "That time is after the last that can be written.");
}

/// <summary>A page of records to be drawn, newest first. Immutable.</summary>
/// <param name="Before">As the address takes it.</param>
/// <param name="After">As the address takes it.</param>
sealed record TopicPageAnswer(IReadOnlyList<RecordAnswer> Records, string Before, string After, int Looked, bool IsStart, bool IsEnd)
{
    public static TopicPageAnswer Of(TopicPage page) => new(
        [.. page.Records.OrderByDescending(record => record.Time).ThenByDescending(record => record.Offset).Select(RecordAnswer.Of)],
        OffsetMap.Write(page.Before), OffsetMap.Write(page.After), page.Looked, page.IsStart, page.IsEnd);
}
