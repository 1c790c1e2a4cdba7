using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Ddl;

/// <summary>
/// Conditions that let a query read some parts of a table and leave the others alone: the tables are not sorted by when a row was inserted,
/// so it would read that column of all rows. Parts that a merge has just replaced are named too: a query reads those that were there when
/// it began.
/// </summary>
static class PartsSql
{
    /// <summary>Parts that the newest rows may be in: with several consumers not only in the last.</summary>
    const int Newest = 3;

    /// <summary>Every part with a row of the last hour: a part is no older than the newest of its rows.</summary>
    public static string OfLastHour(string table) => $"""
        _part IN (
            SELECT name FROM system.parts
            WHERE database = currentDatabase() AND table = {Sql.Text(table)} AND modification_time >= now() - 3700
        )
        """;

    /// <summary>The parts of the last inserts, merged or not.</summary>
    public static string OfLastInserts(string table) => $"""
        _part IN (
            SELECT name FROM system.parts
            WHERE database = currentDatabase() AND table = {Sql.Text(table)} AND max_block_number >= (
                SELECT min(max_block_number) FROM (
                    SELECT max_block_number FROM system.parts
                    WHERE active AND database = currentDatabase() AND table = {Sql.Text(table)}
                    ORDER BY max_block_number DESC LIMIT {Newest}
                )
            )
        )
        """;
}
