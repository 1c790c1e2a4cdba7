using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Letters;

namespace Millrace.Streams.Replay;

/// <summary>
/// What became of a stream's records: asks its table, and every table of dead letters that has some of its topic. Immutable.
/// </summary>
/// <param name="table">null: it is not there.</param>
sealed class PlacedRecords(ClickHouseClient client, string topic, string? table, IReadOnlyList<string> letterTables)
{
    const string IsDropped = $"{DeadLettersSql.DroppedAt} IS NOT NULL";

    /// <summary>Of each record one thing: it is a row, or its letter was dropped, or it is another letter.</summary>
    public async Task<(long Rows, long Dropped, long Letters)> CountAsync(ReplayBatch batch, CancellationToken cancellation)
    {
        var (number, isOne) = (LetterPlace.Number, batch.IsOne(topic));
        var places = letterTables.Select(letters => Places(letters, "false", IsDropped))
            .Concat(table is null ? [] : [Places(table, "true", "false")]);
        var rows = await client.QueryAsync<CountRow>(
            $"""
            SELECT groupBitmapStateIf(place, is_row) AS in_rows, groupBitmapStateIf(place, is_dropped) AS in_dropped,
                groupBitmapStateIf(place, NOT is_row) AS in_letters, bitmapCardinality(in_rows) AS rows,
                bitmapAndnotCardinality(in_dropped, in_rows) AS dropped, bitmapAndnotCardinality(in_letters, in_rows) AS letters
            FROM ({string.Join("\nUNION ALL ", places)})
            """,
            cancellation: cancellation).ConfigureAwait(false);
        return (rows[0].Rows, rows[0].Dropped, rows[0].Letters - rows[0].Dropped);

        string Places(string from, string isRow, string isDropped) =>
            $"SELECT {number} AS place, {isRow} AS is_row, {isDropped} AS is_dropped FROM {from} WHERE {isOne}";
    }

    /// <summary>The condition for records that are neither rows nor given up.</summary>
    public string IsMissing((long From, long To) range) => string.Join(
        " AND ",
        letterTables.Select(letters => $"NOT {LetterPlace.IsIn(letters, topic, range, IsDropped)}")
            .Concat(table is null ? [] : [$"NOT {LetterPlace.IsIn(table, topic, range)}"]));

    /// <summary>The condition for records that are no letters.</summary>
    public string IsNoLetter((long From, long To) range) =>
        string.Join(" AND ", letterTables.Select(letters => $"NOT {LetterPlace.IsIn(letters, topic, range)}"));

    /// <summary>Tables with a letter that waits and has a row.</summary>
    public async Task<IReadOnlyList<string>> UnmarkedAsync((long From, long To) range, CancellationToken cancellation)
    {
        if (table is null) return [];
        List<string> unmarked = [];
        foreach (var letters in letterTables)
        {
            var found = await client.QueryAsync<UnmarkedRow>(
                $"""
                SELECT count() AS letters FROM {letters}
                WHERE {LetterFilter.All.WaitingSql(topic)} AND {LetterPlace.IsIn(table, topic, range)}
                """,
                cancellation: cancellation).ConfigureAwait(false);
            if (found[0].Letters > 0) unmarked.Add(letters);
        }
        return unmarked;
    }

    sealed record CountRow(long Rows, long Dropped, long Letters);

    sealed record UnmarkedRow(long Letters);
}
