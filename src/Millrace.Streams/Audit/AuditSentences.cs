using System.Globalization;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>What an audit found, in sentences: first what the table shows too, then what it has no column for. Any thread.</summary>
public static class AuditSentences
{
    const int MostDifferences = 20;

    /// <param name="command">What the user types to run Millrace.</param>
    public static IReadOnlyList<string> Of(AuditReport report, string command) =>
    [
        .. Counted(report),
        .. report.Topics.SelectMany(topic => Offline(topic, command)),
        .. report.ReadersUnknown is { } why ? [$"Who reads which partition is not known: {why}"] : Array.Empty<string>(),
        .. report.Topics.SelectMany(topic => Unread(topic, command)),
        .. report.Topics.SelectMany(topic => MadeAnew(topic, command)),
        .. report.Topics.SelectMany(BeyondTheEnd),
    ];

    /// <summary>Which streams are paused: their records wait, which is no trouble.</summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlyList<string> Paused(AuditReport report, string command) =>
    [
        .. report.Topics.Where(topic => topic.Paused).Select(topic => PauseSentence.Of(
            topic.Stream, topic.Topic, command,
            records: $"{Number(topic.Partitions.Sum(partition => partition.NotYetRead ?? 0))} records")),
    ];

    /// <summary>What a sample found: each difference, at most <see cref="MostDifferences"/> of them, then what was looked at.</summary>
    public static IReadOnlyList<string> Of(SampleReport sample)
    {
        if (sample.Records + sample.Unread == 0) return ["Nothing was read yet that a sample could be taken of."];
        var sentences = sample.Differences.Take(MostDifferences).Select(difference => difference.Sentence).ToList();
        if (sample.Differences.Count > MostDifferences)
            sentences.Add($"{Number(sample.Differences.Count - MostDifferences)} more differ: --output json has all of them.");
        sentences.Add(
            $"Sample of {Number(sample.Records)} records (--seed {sample.Seed.ToString(CultureInfo.InvariantCulture)}): "
            + $"{Number(sample.Rows)} rows, {Number(sample.DeadLetters)} dead letters"
            + (sample.Tombstones > 0 ? $", {Number(sample.Tombstones)} without a value; " : "; ")
            + $"{Number(sample.Values)} values compared, "
            + (sample.Differences.Count == 0 ? "all as they were sent" : $"{Number(sample.Differences.Count)} differences")
            + (sample.NotCompared > 0 ? $"; {Number(sample.NotCompared)} can't be compared this way" : "")
            + (sample.Unread > 0 ? $"; {Number(sample.Unread)} offsets hold no record, or it did not come." : "."));
        return sentences;
    }

    static IEnumerable<string> Counted(AuditReport report)
    {
        var partitions = report.Topics.SelectMany(topic => topic.Partitions, (topic, partition) => (topic.Topic, Found: partition)).ToList();
        var missing = partitions.Where(partition => partition.Found.Missing > 0).ToList();
        if (partitions.Exists(partition => partition.Found.Missing > 0 || partition.Found.StoredTwice > 0))
            yield return "Records are missing or stored twice, as the table shows."
                + (missing.Count > 0 ? $" Missing: {string.Join("; ", missing.Select(partition => Missing(partition.Topic, partition.Found)))}." : "");
        if (partitions.Sum(partition => partition.Found.NotExamined) is > 0 and var unseen)
            yield return $"{Number(unseen)} of the missing were not looked at, as it is plain by then: there may be records without a value among them.";
        if (partitions.Exists(partition => partition.Found.Gone > 0))
            yield return "The column GONE counts offsets that were passed over and that the topic has dropped since: "
                + "records dropped unread, or some without a value; nobody can look any more.";
    }

    static string Missing(string topic, PartitionAudit partition)
    {
        var more = partition.MissingRanges.Sum(range => range.Count) < partition.Missing ? ", ..." : "";
        return $"{topic}, {PartitionList.Of([partition.Partition])}: {string.Join(", ", partition.MissingRanges)}{more}";
    }

    static IEnumerable<string> Offline(TopicAudit topic, string command) =>
        topic.Partitions.Where(partition => partition.Error is not null).GroupBy(partition => partition.Error)
            .Select(group => $"Nothing can be said of {topic.Topic}, {Named(group)} ({group.Key}): see the log of its broker, "
                + $"of the stand's own with  {command} logs broker");

    static IEnumerable<string> Unread(TopicAudit topic, string command)
    {
        var unread = topic.Partitions.Where(partition => partition.ReadByNobody).Select(partition => partition.Partition).ToList();
        if (unread.Count > 0)
            yield return $"Nobody reads {topic.Topic}, {PartitionList.Of(unread)}: " +
                $"restart ClickHouse ({command} restart clickhouse, in compose: docker compose restart clickhouse-server), " +
                $"and if that does not help, see whether the queue table of stream {topic.Stream} is there.";
    }

    static IEnumerable<string> MadeAnew(TopicAudit topic, string command)
    {
        var others = topic.Partitions.Where(partition => partition.OtherRecordAt is not null).ToList();
        if (others is [var first, ..])
            yield return $"Offset {Number(first.OtherRecordAt!.Value)} of {topic.Topic}, {Named(others)}, is another record in the topic "
                + "than the one stored: the topic was made anew, or lost its end and went on. "
                + $"Run setup again ({command} restart setup): it says what to do.";
    }

    static IEnumerable<string> BeyondTheEnd(TopicAudit topic) =>
        from partition in topic.Partitions
        where partition.StoredBeyondLogEnd is not null
        select $"Offset {Number(partition.StoredBeyondLogEnd!.Value)} of {topic.Topic}, partition {Number(partition.Partition)}, is stored, "
            + $"but the topic ends at {Number(partition.LogEndOffset ?? 0)}: it was made anew or lost its end in a power failure. "
            + "Start the stand again: its setup says what to do.";

    static string Named(IEnumerable<PartitionAudit> partitions) => PartitionList.Of(partitions.Select(partition => partition.Partition));

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
