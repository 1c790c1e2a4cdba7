using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Page.Http;
using Millrace.Page.Records;
using Millrace.Page.Stand;
using Millrace.Streams.Explain;

namespace Millrace.Page.Apis;

/// <summary>
/// <c>/api/dead-letters</c>: how many there are of each stream, and why; <c>/api/dead-letters/samples</c>: the newest of a kind.
/// </summary>
sealed class DeadLettersApi : IPageApi
{
    static readonly TimeSpan Keep = TimeSpan.FromSeconds(9);

    public void Map(IEndpointRouteBuilder routes, PageStand stand)
    {
        routes.MapShared("/api/dead-letters", Keep, () => DeadLetterSummary.ReadAsync(stand.ClickHouse, stand.Catalog, stand.Stopping));
        routes.MapGet("/api/dead-letters/samples", context => ShowAsync(context, stand));
    }

    static async Task ShowAsync(HttpContext context, PageStand stand)
    {
        var stream = stand.Stream(context.RequiredText("stream"));
        var samples = await DeadLetterSamples.ReadAsync(
            stand.ClickHouse, stream, context.Text("column"), context.Text("reason"), context.RequestAborted).ConfigureAwait(false);
        await Answer.JsonAsync(context, samples.Select(DeadLetterAnswer.Of)).ConfigureAwait(false);
    }
}

/// <summary>A dead letter to be drawn. Immutable.</summary>
/// <param name="Pieces">The value as text.</param>
/// <param name="Hex">The value as bytes.</param>
/// <param name="Bytes">Of the whole value, which may be longer.</param>
sealed record DeadLetterAnswer(
    string Topic, int Partition, long Offset, DateTimeOffset Time, DateTimeOffset Inserted, string Key, IReadOnlyList<string> FailedColumns,
    string Reason, IReadOnlyList<TextPiece> Pieces, string Hex, long Bytes)
{
    public static DeadLetterAnswer Of(DeadLetterSample sample) => new(
        sample.Topic, sample.Partition, sample.Offset, sample.Time, sample.Inserted, Encoding.UTF8.GetString(sample.Key),
        sample.FailedColumns, sample.Reason, MarkedText.Of(sample.Value, sample.FailedColumns), HexDump.Of(sample.Value), sample.Bytes);
}
