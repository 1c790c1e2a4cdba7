using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>Compares a target table with its definition: it may gain columns; what would lose or change stored rows is refused.</summary>
static class TargetChange
{
    /// <summary>The columns every target table has besides the stream's own.</summary>
    static readonly string[] OwnColumns =
        [.. StoredRange.OriginColumns.Append(TargetTableSql.InsertedAt).Select(Sql.NameOf)];

    /// <exception cref="DdlRefusedException">The table can't become what the definition says, or is another stand's.</exception>
    public static IEnumerable<DdlStatement> Statements(StreamDefinition stream, string stand, DatabaseState state)
    {
        if (state.Find(stream.TargetTable) is not { } table)
            return [new DdlStatement(TargetTableSql.Create(stream, stand), $"there is no {stream.TargetTable}")];
        Ownership.RequireTable(table, stand, $"give stream {stream.Name} another table (table:)");
        var columns = state.ColumnsOf(stream.TargetTable).ToDictionary(column => column.Name);
        RequireSameKey(stream, table);
        RequireNoneDropped(stream, columns.Values);
        foreach (var column in stream.Columns)
            if (columns.TryGetValue(column.Name, out var stored)) RequireSameType(stream, column, stored);
        return NewColumns(stream, state)
            .Select(column => new DdlStatement(
                TargetTableSql.AddColumn(stream, column), $"{stream.TargetTable} has no column {column.Name}"))
            .Concat(StoredRange.Statements(stream.TargetTable, state));
    }

    /// <summary>What the definition names and the table, which is there, has not.</summary>
    public static IEnumerable<ColumnDefinition> NewColumns(StreamDefinition stream, DatabaseState state)
    {
        if (state.Find(stream.TargetTable) is null) return [];
        var stored = state.ColumnsOf(stream.TargetTable).Select(column => column.Name).ToHashSet();
        return stream.Columns.Where(column => !stored.Contains(column.Name));
    }

    /// <summary>Some versions show the parentheses around a key of one column.</summary>
    static void RequireSameKey(StreamDefinition stream, TableState table)
    {
        var (actual, wanted) = (table.SortingKey.Trim('(', ')'), TargetTableSql.SortingKey(stream));
        if (actual != wanted) throw Refused(stream, $"is sorted by ({actual}), not by ({wanted}), and ClickHouse can't sort it anew");
    }

    static void RequireNoneDropped(StreamDefinition stream, IEnumerable<ColumnState> columns)
    {
        var known = stream.Columns.Select(column => column.Name).Concat(OwnColumns);
        if (columns.FirstOrDefault(column => column.DefaultKind == "" && !known.Contains(column.Name)) is { } dropped)
            throw Refused(stream, $"has a column {dropped.Name} that the definition no longer names");
    }

    static void RequireSameType(StreamDefinition stream, ColumnDefinition column, ColumnState stored)
    {
        if (stored.Type != column.Type.Sql) throw Refused(stream, $"holds {column.Name} as {stored.Type}, not as {column.Type.Sql}");
    }

    static DdlRefusedException Refused(StreamDefinition stream, string why) =>
        new(
            $"{stream.TargetTable} {why}: "
                + "put the definition back, change the table yourself (ALTER TABLE), or give the stream a new table name");
}
