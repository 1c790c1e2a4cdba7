using System.Globalization;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Letters;

/// <summary>
/// Says in a table of dead letters what became of them. By mutations, which rewrite each part that has one to mark, and keep the table's
/// projection: patch parts would not (docs/decisions/0018-dead-letters-sent-again.md).
/// </summary>
static class LetterMarks
{
    /// <summary>Marks all that have a row, whoever made it; one of which the killed command's mark is on its way stays as it is.</summary>
    /// <param name="range">Of the offsets, both inclusive.</param>
    public static async Task RetriedAsync(
        ClickHouseClient client, StreamDefinition stream, (long From, long To) range, TimeProvider time, CancellationToken cancellation)
    {
        await StopFailedAsync(client, stream.DeadLetterTable, cancellation).ConfigureAwait(false);
        await client.ExecuteAsync(
            $"""
            ALTER TABLE {stream.DeadLetterTable} UPDATE {DeadLettersSql.RetriedAt} = {Now(time)}
            WHERE {LetterFilter.All.WaitingSql(stream.Topic)} AND {LetterPlace.IsIn(stream.TargetTable, stream.Topic, range)}
            SETTINGS mutations_sync = 1
            """,
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Empties them; what says which record it was stays.</summary>
    public static async Task DroppedAsync(
        ClickHouseClient client, LetterTopic topic, LetterFilter filter, TimeProvider time, CancellationToken cancellation)
    {
        await StopFailedAsync(client, topic.Table, cancellation).ConfigureAwait(false);
        var emptied = RecordFields.HeaderColumns.Select(column => $"{Sql.NameOf(column)} = []");
        await client.ExecuteAsync(
            $"""
            ALTER TABLE {topic.Table} UPDATE {DeadLettersSql.DroppedAt} = {Now(time)}, kafka_key = '', message = '', {string.Join(", ", emptied)}
            WHERE {filter.WaitingSql(topic.Topic)}
            SETTINGS mutations_sync = 1
            """,
            cancellation).ConfigureAwait(false);
    }

    /// <summary>One that asks a table which is no more fails for ever, and whatever comes behind it waits.</summary>
    static async Task StopFailedAsync(ClickHouseClient client, string table, CancellationToken cancellation)
    {
        var failed = $"database = currentDatabase() AND table = {Sql.Text(table)} AND NOT is_done AND latest_fail_reason != ''";
        var found = await client.QueryAsync<MutationRow>(
            $"SELECT mutation_id FROM system.mutations WHERE {failed} LIMIT 1", cancellation: cancellation).ConfigureAwait(false);
        if (found.Count > 0) await client.ExecuteAsync($"KILL MUTATION WHERE {failed} SYNC", cancellation).ConfigureAwait(false);
    }

    static string Now(TimeProvider time) => string.Create(
        CultureInfo.InvariantCulture, $"fromUnixTimestamp64Milli(toInt64({time.GetUtcNow().ToUnixTimeMilliseconds()}))");

    sealed record MutationRow(string MutationId);
}
