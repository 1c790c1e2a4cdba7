using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>The target table: the stream's typed columns and where each row came from.</summary>
static class TargetTableSql
{
    /// <summary>What inserted_at has that no record has: the moment the row was inserted.</summary>
    public const string InsertedAt = "inserted_at DateTime64(3)";

    /// <summary>As ClickHouse shows it in system.tables.</summary>
    public static string SortingKey(StreamDefinition stream) => string.Join(", ", stream.OrderKey);

    public static string Create(StreamDefinition stream, string stand) =>
        Create(stream, stream.TargetTable, StandMark.OfTable(stand), []);

    /// <param name="comment">Names the stand.</param>
    /// <param name="more">Declarations of columns that are no columns of the stream.</param>
    public static string Create(StreamDefinition stream, string name, string comment, IReadOnlyList<string> more)
    {
        var columns = stream.Columns
            .Select(Declaration)
            .Concat(StoredRange.OriginColumns)
            .Append(InsertedAt)
            .Concat(more)
            .Append(StoredRange.Projection);
        return $"""
            CREATE TABLE IF NOT EXISTS {name}
            (
                {Sql.Lines(columns)}
            )
            ENGINE = MergeTree
            ORDER BY ({SortingKey(stream)})
            SETTINGS {StoredRange.TableSettings}
            COMMENT {Sql.Text(comment)}
            """;
    }

    /// <summary>What follows ALTER TABLE. The column stands where the definition has it.</summary>
    public static string AddColumn(StreamDefinition stream, ColumnDefinition column)
    {
        var before = stream.Columns.TakeWhile(other => other != column).LastOrDefault();
        var place = before is null ? "FIRST" : $"AFTER {before.Name}";
        return $"ADD COLUMN IF NOT EXISTS {Declaration(column)} {place}";
    }

    /// <summary>The default is for rows that were stored before the column was there: the views give every row a value.</summary>
    public static string Declaration(ColumnDefinition column)
    {
        string?[] parts =
        [
            $"{column.Name} {column.Type.Sql}",
            column.Default is null ? null : $"DEFAULT {column.Type.Given(ColumnValueSql.Default(column))}",
            column.Comment is { } comment ? $"COMMENT {Sql.Text(comment)}" : null,
            column.Codec is { } codec ? $"CODEC({codec})" : null,
            column.Ttl is { } ttl ? $"TTL {ttl}" : null,
        ];
        return string.Join(' ', parts.OfType<string>());
    }
}
