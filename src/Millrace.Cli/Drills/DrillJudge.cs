using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Streams;
using Millrace.Streams.Acknowledgements;
using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Cli.Drills;

/// <summary>
/// Finds out whether anything was lost or stored twice, by what Kafka acknowledged to the drill's load and by an audit of all that the
/// topics hold.
/// </summary>
/// <param name="lettersBefore">Dead letters before the drill.</param>
sealed class DrillJudge(StandEndpoints endpoints, StreamCatalog catalog, long lettersBefore)
{
    /// <summary>What is wrong before would be taken for the drill's doing.</summary>
    /// <exception cref="CliException">The stand is not well.</exception>
    public static async Task<DrillJudge> OfWellStandAsync(StandEndpoints endpoints, StreamCatalog catalog, CancellationToken cancellation)
    {
        var audit = await StandAudit.RunAsync(endpoints, catalog, cancellation);
        if (audit.Topics.FirstOrDefault(topic => topic.Paused) is { } paused)
            throw new CliException(
                ExitCodes.Failed,
                $"{paused.Stream} is paused, so the drill's events would wait: {Self.Command} resume {paused.Stream}  first");
        if (!audit.HasTrouble) return new DrillJudge(endpoints, catalog, LettersOf(audit));
        var why = AuditSentences.Of(audit, Self.Command);
        throw new CliException(ExitCodes.Failed, $"The stand is not well before the drill, so nothing was done: {why[0]}");
    }

    /// <summary>Whether the promise was kept; what it says of has to be read by now.</summary>
    /// <param name="verdict">What is known of the drill besides.</param>
    public async Task<DrillVerdict> JudgeAsync(DrillVerdict verdict, DrillPromise promised)
    {
        verdict = verdict with { Failed = promised.Failed, Malformed = promised.Malformed };
        try
        {
            return Judged(
                verdict,
                await AcknowledgedCheck.RunAsync(
                    endpoints, catalog, promised.Acknowledged, promised.WithoutOffset, CancellationToken.None),
                await StandAudit.RunAsync(endpoints, catalog, CancellationToken.None));
        }
        catch (Exception e) when (e is KafkaUnavailableException or ClickHouseUnavailableException or ClickHouseException)
        {
            var unknown = $"What became of the events is not known: {e.Message}. {Self.Command} audit  says it once the stand is well.";
            return verdict with { Sentences = [.. verdict.Sentences, unknown] };
        }
    }

    DrillVerdict Judged(DrillVerdict verdict, AcknowledgedReport found, AuditReport audit)
    {
        List<string> sentences = [.. verdict.Sentences, .. found.Partitions.Select(Sentence)];
        var letters = LettersOf(audit) - lettersBefore;
        if (letters < verdict.Malformed)
            sentences.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{verdict.Malformed:N0} malformed events were acknowledged, and {letters:N0} dead letters came."));
        sentences.AddRange(AuditSentences.Of(audit, Self.Command));
        var partitions = audit.Topics.SelectMany(topic => topic.Partitions).ToList();
        return verdict with
        {
            Sentences = sentences,
            Acknowledged = found.Records,
            WithoutOffset = found.WithoutOffset,
            Stored = found.Stored,
            Lost = found.Lost,
            Missing = partitions.Sum(partition => partition.Missing + partition.Gone),
            StoredTwice = partitions.Sum(partition => partition.StoredTwice),
            DeadLetters = letters,
        };
    }

    static long LettersOf(AuditReport audit) =>
        audit.Topics.Sum(topic => topic.Partitions.Sum(partition => partition.DeadLetters + partition.DroppedLetters));

    static string Sentence(LostRecords lost)
    {
        var places = lost.UnstoredRanges.Count == 0 ? "" : $", offset {string.Join(", ", lost.UnstoredRanges)}"
            + (lost.UnstoredRanges.Sum(range => range.Count) < lost.Unstored ? ", ..." : "");
        var forgotten = lost.GivenTwice.Count == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"; the broker gave {lost.GivenTwice.Count} of their offsets to other records, from {lost.GivenTwice[0]}");
        var others = lost.GivenToOthers.Count == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"; at {lost.GivenToOthers.Count} of their offsets another producer's record is stored, from {lost.GivenToOthers[0]}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{lost.Count:N0} acknowledged events of {lost.Topic}, partition {lost.Partition}, are neither rows nor dead letters"
            + $"{places}{forgotten}{others}.");
    }
}
