using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Page.Http;
using Millrace.Page.Stand;
using Millrace.Streams.Definition;

namespace Millrace.Page.Apis;

/// <summary><c>/api/stand</c>: who the stand is, where its servers are, and what its definitions say.</summary>
sealed class StandApi : IPageApi
{
    public void Map(IEndpointRouteBuilder routes, PageStand stand) =>
        routes.MapGet("/api/stand", context => Answer.JsonAsync(context, StandAnswer.Of(stand)));
}

/// <summary>Immutable.</summary>
/// <param name="ClickHouse">Without user and password.</param>
/// <param name="IsKept">A supervisor of ours keeps it up: its services can be restarted from the page.</param>
sealed record StandAnswer(
    string Name, string Group, string Kafka, string Clickhouse, string Database, string Command, bool IsKept,
    IReadOnlyList<StreamAnswer> Streams)
{
    public static StandAnswer Of(PageStand stand) => new(
        stand.Endpoints.Identity.Name,
        stand.Endpoints.Identity.Group,
        stand.Endpoints.Kafka,
        stand.Endpoints.ClickHouse.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
        stand.Endpoints.Database,
        stand.Options.Command,
        stand.Supervisor is not null,
        [.. stand.Catalog.Streams.Select(StreamAnswer.Of)]);
}

/// <summary>One stream by its definition. Immutable.</summary>
sealed record StreamAnswer(
    string Name, string Topic, int Partitions, string QueueTable, string TargetTable, string DeadLetterTable, IReadOnlyList<string> OrderBy,
    IReadOnlyList<ColumnAnswer> Columns)
{
    public static StreamAnswer Of(StreamDefinition stream) => new(
        stream.Name, stream.Topic, stream.Partitions, stream.QueueTable, stream.TargetTable, stream.DeadLetterTable, stream.OrderKey,
        [.. stream.Columns.Select(column => new ColumnAnswer(column.Name, column.Type.Sql))]);
}

/// <summary>One column by its definition. Immutable.</summary>
sealed record ColumnAnswer(string Name, string Type);
