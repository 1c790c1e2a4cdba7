using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Page.Http;
using Millrace.Page.Stand;
using Millrace.Streams.Audit;

namespace Millrace.Page.Apis;

/// <summary><c>/api/audit</c>: compares topics with tables, as <c>millrace audit</c> does, and says the same.</summary>
sealed class AuditApi : IPageApi
{
    public void Map(IEndpointRouteBuilder routes, PageStand stand)
    {
        var audit = new Shared<AuditReport>(
            () => StandAudit.RunAsync(stand.Endpoints, stand.Catalog, stand.Stopping), TimeSpan.Zero, TimeProvider.System);
        routes.MapPost("/api/audit", context => RunAsync(context, stand, audit));
    }

    static async Task RunAsync(HttpContext context, PageStand stand, Shared<AuditReport> audit)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stand.Stopping);
        var report = await audit.GetAsync(ended.Token).ConfigureAwait(false);
        await Answer.JsonAsync(context, AuditAnswer.Of(report, stand.Options.Command)).ConfigureAwait(false);
    }
}

/// <summary>Immutable.</summary>
/// <param name="Sentences">Empty when all is well.</param>
/// <param name="Paused">The streams that are paused.</param>
sealed record AuditAnswer(
    bool HasTrouble, IReadOnlyList<string> Sentences, IReadOnlyList<string> Paused, IReadOnlyList<PartitionAnswer> Partitions)
{
    public static AuditAnswer Of(AuditReport report, string command) => new(
        report.HasTrouble,
        AuditSentences.Of(report, command),
        [.. report.Topics.Where(topic => topic.Paused).Select(topic => topic.Stream)],
        [.. report.Topics.SelectMany(topic => topic.Partitions, (topic, partition) => PartitionAnswer.Of(topic.Topic, partition))]);
}

/// <summary>One partition. Immutable; see <see cref="PartitionAudit"/> for what each means.</summary>
/// <param name="MissingRanges">As people write them, both ends inclusive.</param>
sealed record PartitionAnswer(
    string Topic, int Partition, long? Records, long? CommittedOffset, long? Lag, long Rows, long DeadLetters, long Tombstones, long Gone,
    long Missing, long StoredTwice, IReadOnlyList<string> MissingRanges, string? Error, bool HasTrouble)
{
    public static PartitionAnswer Of(string topic, PartitionAudit partition) => new(
        topic, partition.Partition, partition.Records, partition.CommittedOffset, partition.NotYetRead, partition.Rows,
        partition.DeadLetters, partition.Tombstones, partition.Gone, partition.Missing, partition.StoredTwice,
        [.. partition.MissingRanges.Select(range => range.ToString())], partition.Error, partition.HasTrouble);
}
