using System.Globalization;
using System.Text.RegularExpressions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Explain;

namespace Millrace.Streams.Letters;

/// <summary>
/// Says in a table of dead letters what became of them. By mutations, which rewrite each part that has one to mark, and keep the table's
/// projection: patch parts would not (docs/decisions/0018-dead-letters-sent-again.md).
/// </summary>
static partial class LetterMarks
{
    /// <summary>Marks all that have a row, whoever made it; one of which the killed command's mark is on its way stays as it is.</summary>
    /// <param name="table">Of the dead letters.</param>
    /// <param name="range">Of the offsets, both inclusive.</param>
    /// <exception cref="DdlRefusedException">A change of the table that somebody else made fails.</exception>
    public static async Task RetriedAsync(
        ClickHouseClient client, string table, StreamDefinition stream, (long From, long To) range, TimeProvider time,
        CancellationToken cancellation)
    {
        await RequireSoundAsync(client, table, time, cancellation).ConfigureAwait(false);
        await client.ExecuteAsync(
            $"""
            ALTER TABLE {table} UPDATE {DeadLettersSql.RetriedAt} = {Now(time)}
            WHERE {LetterFilter.All.WaitingSql(stream.Topic)} AND {LetterPlace.IsIn(stream.TargetTable, stream.Topic, range)}
            SETTINGS mutations_sync = 1
            """,
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Empties them, and takes out of the reason what it quotes; what says which record it was stays.</summary>
    /// <exception cref="DdlRefusedException">A change of the table that somebody else made fails.</exception>
    public static async Task DroppedAsync(
        ClickHouseClient client, LetterTopic topic, LetterFilter filter, TimeProvider time, CancellationToken cancellation)
    {
        await RequireSoundAsync(client, topic.Table, time, cancellation).ConfigureAwait(false);
        List<string> emptied = ["kafka_key = ''", "message = ''", $"reason = {DeadLetterSummary.KindOfReason}"];
        emptied.AddRange(RecordFields.HeaderColumns.Select(column => $"{Sql.NameOf(column)} = []"));
        await client.ExecuteAsync(
            $"""
            ALTER TABLE {topic.Table} UPDATE {DeadLettersSql.DroppedAt} = {Now(time)}, {string.Join(", ", emptied)}
            WHERE {filter.WaitingSql(topic.Topic)}
            SETTINGS mutations_sync = 1
            """,
            cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Returns when the table can be marked. A mutation that asks a table which is no more fails for ever, and whatever comes behind it
    /// waits: one of ours is stopped, as its letters are marked by the next. What somebody else wants changed is theirs to stop.
    /// </summary>
    /// <inheritdoc cref="RetriedAsync"/>
    public static Task RequireSoundAsync(ClickHouseClient client, string table, TimeProvider time, CancellationToken cancellation) =>
        TableMutations.RequireNoneFailsAsync(client, table, OurMark().IsMatch, time, cancellation);

    static string Now(TimeProvider time) => string.Create(
        CultureInfo.InvariantCulture, $"fromUnixTimestamp64Milli(toInt64({time.GetUtcNow().ToUnixTimeMilliseconds()}))");

    /// <summary>As system.mutations shows what <see cref="Now"/> made; a user's own UPDATE of the column would say it otherwise.</summary>
    [GeneratedRegex($@"^\(?UPDATE ({DeadLettersSql.RetriedAt}|{DeadLettersSql.DroppedAt}) = fromUnixTimestamp64Milli\(toInt64\([0-9]+\)\)")]
    private static partial Regex OurMark();
}
