using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Charts;

/// <summary>The charts of any stream, by the types of its columns.</summary>
static class StreamCharts
{
    /// <summary>Of one stream, of each kind: a table may have hundreds of columns.</summary>
    const int MostColumns = 3;

    public static IEnumerable<ChartQuery> Of(StreamDefinition stream)
    {
        yield return new("Rows a minute", stream.Name, ChartKind.Lines, EachMinute(stream, "count() AS rows"));
        foreach (var column in Columns(stream, type => type is DecimalType))
            yield return new("Sum a minute", $"{stream.Name}.{column}", ChartKind.Lines, EachMinute(stream, Total(column)));
        foreach (var column in Columns(stream, type => type is LowCardinalityType))
            yield return new("Most frequent values", $"{stream.Name}.{column}", ChartKind.Bars, Frequent(stream, column));
    }

    static IEnumerable<string> Columns(StreamDefinition stream, Predicate<ColumnType> isWanted) =>
        stream.Columns.Where(column => isWanted(column.Type)).Select(column => column.Name).Take(MostColumns);

    static string EachMinute(StreamDefinition stream, string value) => $"""
        SELECT toStartOfMinute(inserted_at) AS minute, {value}
        FROM {ChartQuery.RecentMinutes(stream.TargetTable)}
        GROUP BY minute ORDER BY {ChartQuery.ByMinute}
        """;

    /// <summary>The sum of a Nullable column is NULL in a minute that has no value.</summary>
    static string Total(string column) => $"ifNull(sum({column}), 0) AS total";

    static string Frequent(StreamDefinition stream, string column) => $"""
        SELECT {column}, count() AS rows
        FROM {ChartQuery.Recent(stream.TargetTable)}
        GROUP BY {column} ORDER BY rows DESC LIMIT 10
        """;
}
