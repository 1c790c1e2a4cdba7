using System.Globalization;

namespace Millrace.Streams.Audit;

/// <summary>The query for what is missing among stored offsets.</summary>
static class GapSql
{
    /// <summary>
    /// Where an offset is not the one after the stored one before it, a gap lies between them; the end of the range is taken for a stored
    /// one. Gives <c>gap_from</c>, inclusive, and <c>gap_to</c>, exclusive, in order.
    /// </summary>
    /// <param name="offsets">Queries for a column <c>kafka_offset</c> of one partition; an offset may come twice.</param>
    /// <param name="most">Gaps at most: the first.</param>
    public static string Of(IEnumerable<string> offsets, OffsetRange expected, int most) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT before + 1 AS gap_from, stored AS gap_to
        FROM
        (
            SELECT
                stored,
                lagInFrame(stored, 1, toInt64({expected.From - 1}))
                    OVER (ORDER BY stored ASC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
            FROM
            (
                SELECT DISTINCT toInt64(kafka_offset) AS stored
                FROM ({string.Join(" UNION ALL ", offsets)})
                WHERE stored >= {expected.From} AND stored < {expected.To}
                UNION ALL
                SELECT toInt64({expected.To})
            )
        )
        WHERE gap_to > gap_from
        ORDER BY gap_from LIMIT {most}
        """);

    /// <summary>A query for the offsets that a table holds of a partition.</summary>
    public static string Offsets(string table, string topic, int partition) => string.Create(
        CultureInfo.InvariantCulture,
        $"SELECT kafka_offset FROM {table} WHERE kafka_topic = '{topic}' AND kafka_partition = {partition}");
}

/// <summary>A row of <see cref="GapSql"/>.</summary>
sealed record GapRow(long GapFrom, long GapTo)
{
    public OffsetRange Range => new(GapFrom, GapTo);
}
