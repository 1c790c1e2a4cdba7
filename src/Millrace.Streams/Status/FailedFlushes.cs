using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Status;

/// <summary>Why streams wait: a view of theirs failed, so that ClickHouse reads the same records again and again.</summary>
static class FailedFlushes
{
    /// <summary>A queue table whose view fails tries again at once; one that got over it has had time to.</summary>
    const int RecentSeconds = 10;

    /// <summary>As much of a failure that is not ours as fits a line.</summary>
    const int LongestReason = 300;

    static readonly string Sql =
        $$"""
        SELECT table, arrayElement(arrayFilter((text, time) -> time >= now() - {{RecentSeconds}} AND position(text, 'while pushing to view') > 0,
            exceptions.text, exceptions.time), -1) AS failure
        FROM system.kafka_consumers WHERE database = currentDatabase() AND failure != ''
        """;

    /// <returns>By queue table.</returns>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(ClickHouseClient client, CancellationToken cancellation)
    {
        var rows = await client.QueryAsync<Row>(Sql, cancellation: cancellation).ConfigureAwait(false);
        return rows.GroupBy(row => row.Table).ToDictionary(table => table.Key, table => table.First().Failure);
    }

    /// <summary>In one sentence, with the way out where the stand knows one.</summary>
    public static string Explain(StreamDefinition stream, string failure)
    {
        string[] own =
        [
            StoredOffsets.MadeAnew(stream.TargetTable, stream.Topic),
            StoredOffsets.MadeAnew(stream.DeadLetterTable, stream.Topic),
        ];
        if (own.FirstOrDefault(sentence => failure.Contains(sentence, StringComparison.Ordinal)) is { } known)
            return $"{stream.Topic} waits: {known}";
        var line = failure.Split('\n')[0];
        return $"{stream.Topic} waits, as a view of it fails: {line[..Math.Min(line.Length, LongestReason)]}";
    }

    sealed record Row(string Table, string Failure);
}
