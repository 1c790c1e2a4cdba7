using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Ddl;

/// <summary>A column that a rebuild takes over from the rows that are there. Immutable.</summary>
/// <param name="Name">As the new table has it; quoted where it must be.</param>
/// <param name="Value">What it is of a row of before; SQL.</param>
/// <param name="Check">null for a column whose values are taken as they are.</param>
sealed record CopiedColumn(string Name, string Value, ValueCheck? Check = null)
{
    /// <summary>A column of the same name and type.</summary>
    public static CopiedColumn AsItIs(string name) => new(Sql.Name(name), Sql.Name(name));

    /// <summary>A value that the new type does not hold ends the rebuild: none is lost, nor is a NULL.</summary>
    /// <param name="before">Its name in the table of before.</param>
    /// <param name="type">Its type there; null for one that no definition can name.</param>
    public static CopiedColumn Converted(string table, ColumnDefinition column, string before, ColumnType? type)
    {
        var value = Convert(column.Type, type, before);
        var isLost = column.Type.IsNullable ? $"isNotNull({before}) AND isNull({value})" : $"isNull({value})";
        // A row may come after the check.
        var held = $"if(throwIf({isLost}, {Sql.Text($"{column.Type.Sql} does not hold a value of {before}")}), NULL, {value})";
        return new CopiedColumn(
            column.Name,
            column.Type.IsNullable ? held : $"assumeNotNull({held})",
            new ValueCheck(table, column.Name, column.Type.Sql, before, isLost));
    }

    /// <summary>
    /// NULL for a value that the type does not hold whole. Between times and between numbers what comes back must be the same.
    /// </summary>
    static string Convert(ColumnType type, ColumnType? before, string value)
    {
        if (type.IsText) return $"toString({value})";
        if (before is null || !IsAlike(type, before)) return (type.WithFormat(null) ?? type).Value($"toNullable(toString({value}))");
        var converted = $"accurateCastOrNull({value}, {Sql.Text(type.BareSql)})";
        return $"if(accurateCastOrNull({converted}, {Sql.Text(before.BareSql)}) = {value}, {converted}, NULL)";
    }

    static bool IsAlike(ColumnType one, ColumnType other) =>
        (one.IsNumber && other.IsNumber) || (one.WithFormat(null) is not null && other.WithFormat(null) is not null);
}

/// <summary>Counts values of a table that a new type would not hold. Immutable.</summary>
/// <param name="Before">The column's name in the table.</param>
/// <param name="IsLost">SQL.</param>
sealed record ValueCheck(string Table, string Column, string Type, string Before, string IsLost)
{
    /// <exception cref="DdlRefusedException">There are some.</exception>
    public async Task RunAsync(ClickHouseClient client, CancellationToken cancellation)
    {
        var sql = $"SELECT count() AS lost, toString(any({Before})) AS example FROM {Table} WHERE {IsLost}";
        var found = await client.QueryAsync<Found>(sql, cancellation: cancellation).ConfigureAwait(false);
        if (found is not [{ Lost: > 0 and var lost, Example: var example }]) return;
        throw new DdlRefusedException(
            $"{lost} rows of {Table} have no value of {Column} that {Type} holds"
                + (example is null ? " (NULL): " : $", such as '{example}': ")
                + "put the definition back, change those rows (ALTER TABLE ... UPDATE), or give the stream a new table name");
    }

    sealed record Found(long Lost, string? Example);
}
