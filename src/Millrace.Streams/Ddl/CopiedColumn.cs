using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Ddl;

/// <summary>A column that a rebuild takes over from the rows that are there. Immutable.</summary>
/// <param name="Name">As the new table has it.</param>
/// <param name="Value">What it is of a row of before; SQL.</param>
sealed record CopiedColumn(string Name, string Value)
{
    string? Before { get; init; }

    string? Type { get; init; }

    string? IsLost { get; init; }

    public static CopiedColumn AsItIs(string name) => new(name, name);

    /// <param name="before">Its name in the table of before.</param>
    /// <param name="type">Its type there; null for one that no definition can name.</param>
    public static CopiedColumn Converted(ColumnDefinition column, string before, ColumnType? type)
    {
        var value = Convert(column.Type, type, before);
        if (!column.Type.IsNullable && column.Rules.Null == ValueRule.Default && type is not { IsNullable: false })
            value = $"if(isNull({before}), {ColumnValueSql.Default(column)}, {value})";
        var isLost = column.Type.IsNullable ? $"isNotNull({before}) AND isNull({value})" : $"isNull({value})";
        // A row may come after the check.
        var checkedValue = $"if(throwIf({isLost}, {Sql.Text($"a value of {before} is not held by {column.Type.Sql}")}), NULL, {value})";
        return new CopiedColumn(column.Name, column.Type.IsNullable ? checkedValue : $"assumeNotNull({checkedValue})")
        {
            Before = before,
            Type = column.Type.Sql,
            IsLost = isLost,
        };
    }

    /// <returns>null for a column whose values are taken as they are.</returns>
    public ValueCheck? Check(string table) => IsLost is null
        ? null
        : new ValueCheck(table, Name, Type!, $"SELECT count() AS lost, toString(any({Before})) AS example FROM {table} WHERE {IsLost}");

    /// <summary>NULL for a value that the type does not hold whole. Between times and between numbers what comes back must be the same.</summary>
    static string Convert(ColumnType type, ColumnType? before, string value)
    {
        if (type.IsText) return $"toString({value})";
        if (before is null || before.IsText || !IsAlike(type, before)) return type.WithFormat(null) is { } time
            ? time.Value($"toNullable(toString({value}))")
            : type.Value($"toNullable(toString({value}))");
        var converted = $"accurateCastOrNull({value}, {Sql.Text(type.BareSql)})";
        return $"if(accurateCastOrNull({converted}, {Sql.Text(before.BareSql)}) = {value}, {converted}, NULL)";
    }

    static bool IsAlike(ColumnType one, ColumnType other) =>
        (one.IsNumber && other.IsNumber) || (one.WithFormat(null) is not null && other.WithFormat(null) is not null);
}

/// <summary>Counts values of a table that a new type would not hold. Immutable.</summary>
sealed record ValueCheck(string Table, string Column, string Type, string CountSql)
{
    /// <exception cref="DdlRefusedException">There are some.</exception>
    public async Task RunAsync(ClickHouseClient client, CancellationToken cancellation)
    {
        var found = await client.QueryAsync<Found>(CountSql, cancellation: cancellation).ConfigureAwait(false);
        if (found is [{ Lost: > 0 and var lost, Example: var example }])
            throw new DdlRefusedException(
                $"{lost} rows of {Table} have no value of {Column} that {Type} holds{(example is null ? " (NULL)" : $", such as '{example}'")}: "
                    + "put the definition back, change those rows (ALTER TABLE ... UPDATE), or give the stream a new table name");
    }

    sealed record Found(long Lost, string? Example);
}
