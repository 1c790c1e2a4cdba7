using System.Globalization;
using System.Runtime.CompilerServices;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Letters;

/// <summary>Reads dead letters whole.</summary>
public static class LetterReader
{
    /// <summary>Of one query: a record may be a megabyte.</summary>
    const int PageSize = 500;

    /// <returns>null where there is none.</returns>
    /// <exception cref="LettersRefusedException">There are no letters of that topic, or a table is not there.</exception>
    /// <exception cref="DdlRefusedException">A table is another stand's.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<Letter?> FindAsync(
        StandEndpoints endpoints, StreamCatalog catalog, LetterId id, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        var filter = new LetterFilter { Offsets = [new LetterRange(id.Partition, id.Offset, id.Offset)] };
        foreach (var topic in await LetterTopic.OfTopicAsync(client, catalog, endpoints, id.Topic, cancellation).ConfigureAwait(false))
        {
            var rows = await client.QueryAsync<LetterRow>(Sql(topic, filter.Sql(topic.Topic)), cancellation: cancellation)
                .ConfigureAwait(false);
            if (rows.Count > 0) return rows[0].ToLetter(topic);
        }
        return null;
    }

    /// <summary>Those that wait, in the order of topic, partition and offset. Reads on as they are taken.</summary>
    internal static async IAsyncEnumerable<Letter> ReadAsync(
        ClickHouseClient client, LetterTopic topic, LetterFilter filter,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (Letter? last = null; ;)
        {
            var after = last is null ? "" : $" AND {LetterPlace.IsAfter(last.Partition, last.Offset)}";
            var rows = await client.QueryAsync<LetterRow>(
                Sql(topic, filter.WaitingSql(topic.Topic) + after), cancellation: cancellation).ConfigureAwait(false);
            foreach (var row in rows) yield return last = row.ToLetter(topic);
            if (rows.Count < PageSize) yield break;
        }
    }

    static string Sql(LetterTopic topic, string condition) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT kafka_partition AS partition, kafka_offset AS offset, toUnixTimestamp64Milli(kafka_timestamp) AS time,
            toUnixTimestamp64Milli(inserted_at) AS inserted, hex(kafka_key) AS key, hex(message) AS value,
            kafka_header_names AS header_names, arrayMap(value -> hex(value), kafka_header_values) AS header_values,
            failed_columns, reason, toUnixTimestamp64Milli({DeadLettersSql.RetriedAt}) AS retried,
            toUnixTimestamp64Milli({DeadLettersSql.DroppedAt}) AS dropped
        FROM {topic.Table} WHERE {condition}
        ORDER BY kafka_topic, kafka_partition, kafka_offset LIMIT {PageSize}
        """);

    sealed record LetterRow(
        int Partition, long Offset, long Time, long Inserted, string Key, string Value, IReadOnlyList<string> HeaderNames,
        IReadOnlyList<string> HeaderValues, IReadOnlyList<string> FailedColumns, string Reason, long? Retried, long? Dropped)
    {
        public Letter ToLetter(LetterTopic topic) => new(
            topic.Stream?.Name, topic.Topic, Partition, Offset, At(Time)!.Value, Convert.FromHexString(Key), Convert.FromHexString(Value),
            [.. HeaderNames.Select((name, i) => (name, Convert.FromHexString(HeaderValues[i])))],
            FailedColumns, Reason, At(Inserted)!.Value, At(Retried), At(Dropped));

        static DateTimeOffset? At(long? milliseconds) => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
    }
}

/// <summary>A dead letter, all of it. Immutable; the bytes are not to be changed.</summary>
/// <param name="Stream">null: its definition is gone.</param>
/// <param name="Time">Of the record.</param>
/// <param name="Key">Empty where it has none, or was dropped.</param>
/// <param name="Value">Empty where it was dropped.</param>
/// <param name="Inserted">When it became a dead letter.</param>
/// <param name="Retried">When its row was found in the target table; null: it was not.</param>
/// <param name="Dropped">null: it was not.</param>
public sealed record Letter(
    string? Stream, string Topic, int Partition, long Offset, DateTimeOffset Time, byte[] Key, byte[] Value,
    IReadOnlyList<(string Name, byte[] Value)> Headers, IReadOnlyList<string> FailedColumns, string Reason, DateTimeOffset Inserted,
    DateTimeOffset? Retried, DateTimeOffset? Dropped)
{
    public LetterId Id => new(Topic, Partition, Offset);
}
