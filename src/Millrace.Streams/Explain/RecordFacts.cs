using System.Text.Json;
using Confluent.Kafka;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Explain;

/// <summary>What topic, tables and group say of one offset. Immutable.</summary>
sealed record RecordFacts(
    StreamDefinition Stream, long Offset, long? LogStart, long? LogEnd, long? Committed, Message<byte[]?, byte[]?>? Message,
    IReadOnlyList<JsonElement> Rows, IReadOnlyList<JsonElement> Letters)
{
    /// <summary>The column of Kafka's timestamp, in Unix milliseconds, beside those of the table.</summary>
    public const string Stamp = "kafka_timestamp_ms";

    /// <returns>A word of <see cref="Verdicts"/>, and a sentence.</returns>
    public (string Verdict, string Sentence) Judge()
    {
        if (Rows.Count > 1 || Letters.Count > 1)
        {
            return (
                Verdicts.StoredTwice,
                $"It is stored {Rows.Count + Letters.Count} times: {Rows.Count} rows, {Letters.Count} dead letters.");
        }
        if (Rows.Concat(Letters).Any(IsAnother))
        {
            return (
                Verdicts.OtherRecord,
                $"Another record is stored at this offset: {Stream.Topic} was made anew, or lost its end; setup says what to do.");
        }
        if (Rows.Count > 0) return (Verdicts.Row, $"It is a row of {Stream.TargetTable}{Retried}.");
        if (Letters.Count > 0)
        {
            var reason = Letters[0].GetProperty("reason").GetString();
            return (Verdicts.DeadLetter, Moment(DeadLettersSql.DroppedAt) is { } dropped
                ? $"It was a dead letter, dropped at {dropped}: {reason}."
                : $"It is a dead letter, in {Stream.DeadLetterTable}: {reason}.");
        }
        if (LogStart is null || LogEnd is null) return (Verdicts.Offline, "It is not stored, and its partition is offline.");
        if (Offset >= LogEnd) return (Verdicts.NotThereYet, $"There is none yet: the partition ends at {LogEnd}.");
        if (Offset < LogStart) return (Verdicts.Gone, $"It is gone by retention, and not stored: the partition begins at {LogStart}.");
        if (Committed is null) return (Verdicts.NotReadYet, "It is not read yet: the group has committed nothing.");
        if (Offset >= Committed) return (Verdicts.NotReadYet, $"It is not read yet: the group is at {Committed}.");
        if (Message is null)
            return (Verdicts.NoRecord, "The offset holds no record: a transaction marker, an aborted transaction, or compaction.");
        if (Message.Value is null or []) return (Verdicts.Tombstone, "It has no value, so it becomes neither row nor dead letter.");
        return (
            Verdicts.Missing,
            $"It is missing: it was read, the group is at {Committed}, "
                + $"and it is neither a row of {Stream.TargetTable} nor a dead letter.");
    }

    string Retried => Letters.Count == 0 ? ""
        : Moment(DeadLettersSql.RetriedAt) is { } retried ? $", a dead letter until it was retried at {retried}"
        : ", and a dead letter that is not marked as retried yet";

    /// <summary>As ClickHouse shows it; null: it is not so.</summary>
    string? Moment(string column) => Letters[0].TryGetProperty(column, out var moment) ? moment.GetString() : null;

    bool IsAnother(JsonElement stored) =>
        Message is { Timestamp: { Type: not TimestampType.NotAvailable } timestamp }
        && stored.GetProperty(Stamp).GetInt64() != timestamp.UnixTimestampMs;
}
