using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Page.Http;
using Millrace.Page.Stand;
using Millrace.Streams.Explain;
using Millrace.Streams.Kafka;

namespace Millrace.Page.Apis;

/// <summary>
/// <c>/api/find</c>: what became of one record; <c>/api/find/hits</c>: which records have a value; <c>/api/find/value</c>: the bytes of one
/// record's value, to be saved.
/// </summary>
sealed class FindApi : IPageApi
{
    public void Map(IEndpointRouteBuilder routes, PageStand stand)
    {
        routes.MapGet("/api/find", context => ExplainAsync(context, stand));
        routes.MapGet("/api/find/hits", context => SearchAsync(context, stand));
        routes.MapGet("/api/find/value", context => SaveAsync(context, stand));
    }

    static async Task ExplainAsync(HttpContext context, PageStand stand)
    {
        var stream = stand.StreamOf(context.RequiredText("topic"));
        var partition = context.RequiredInt("partition");
        var offset = context.RequiredLong("offset");
        var explained = await stand.Reading
            .RunAsync(context, () => RecordExplainer.RunAsync(stand.Endpoints, stream, partition, offset, context.RequestAborted))
            .ConfigureAwait(false);
        await Answer.JsonAsync(context, explained ?? throw NoPartition(stream.Topic, partition)).ConfigureAwait(false);
    }

    static async Task SearchAsync(HttpContext context, PageStand stand)
    {
        var stream = stand.Stream(context.RequiredText("stream"));
        var name = context.RequiredText("column");
        var column = stream.Columns.FirstOrDefault(column => column.Name == name)
            ?? throw new RefusedException(StatusCodes.Status404NotFound, $"{stream.Name} has no column {name}.");
        var value = context.RequiredText("value");
        var hits = await RecordSearch.RunAsync(stand.ClickHouse, stream, column, value, context.RequestAborted).ConfigureAwait(false);
        await Answer.JsonAsync(context, hits).ConfigureAwait(false);
    }

    /// <summary>Saved and not shown: a browser would take it for a document.</summary>
    static async Task SaveAsync(HttpContext context, PageStand stand)
    {
        var (topic, partition, offset) = (context.RequiredText("topic"), context.RequiredInt("partition"), context.RequiredLong("offset"));
        var batch = await stand.Reading
            .RunAsync(context, () => TopicReader.ReadOneAsync(stand.Endpoints, topic, partition, offset, context.RequestAborted))
            .ConfigureAwait(false);
        if (batch?.Value is not { } value)
            throw new RefusedException(StatusCodes.Status404NotFound, "The topic has no record with a value there.");
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.ContentDisposition =
            string.Create(CultureInfo.InvariantCulture, $"attachment; filename=record-{partition}-{offset}");
        await context.Response.Body.WriteAsync(value, context.RequestAborted).ConfigureAwait(false);
    }

    static RefusedException NoPartition(string topic, int partition) =>
        new(StatusCodes.Status404NotFound, string.Create(CultureInfo.InvariantCulture, $"{topic} has no partition {partition}."));
}
