using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Ddl;

/// <summary>
/// Compares a dead letter table with what this version makes. The table is never dropped: it alone says of each letter, retried and given
/// up ones too, which record it was. So one that differs is refused before a view fails on it.
/// </summary>
static class DeadLettersChange
{
    /// <exception cref="DdlRefusedException">The table can't take this version's dead letters, or is another stand's.</exception>
    public static IEnumerable<DdlStatement> Statements(string name, string stand, DatabaseState state)
    {
        if (state.Find(name) is not { } table)
        {
            var create = new Operation(OperationKind.CreateObject, name, $"there is no {name}");
            return [new DdlStatement(DeadLettersSql.CreateTable(name, stand), create)];
        }
        Ownership.RequireTable(table, stand, "give the streams another table for theirs (dead_letters:)");
        var types = state.ColumnsOf(name).ToDictionary(column => column.Name, column => column.Type);
        var missing = DeadLettersSql.LaterColumns.Where(column => !types.ContainsKey(Sql.NameOf(column))).ToList();
        foreach (var column in DeadLettersSql.Columns.Except(missing).Select(column => column.Split(' ', 2)))
            RequireColumn(name, column[0], column[1], types);
        return missing
            .Select(column => new DdlStatement($"ALTER TABLE {name} ADD COLUMN IF NOT EXISTS {column}", Added(name, column)))
            .Concat(StoredRange.Statements(name, state));
    }

    static Operation Added(string table, string column) =>
        new(OperationKind.AddColumn, table, $"{table} has no {Sql.NameOf(column)}")
        {
            Column = Sql.NameOf(column),
            Becomes = column.Split(' ', 2)[1],
        };

    static void RequireColumn(string table, string column, string type, Dictionary<string, string> stored)
    {
        if (!stored.TryGetValue(column, out var found)) throw Refused(table, $"has no column {column} {type}");
        if (found != type) throw Refused(table, $"holds {column} as {found}, not as {type}");
    }

    static DdlRefusedException Refused(string table, string why) =>
        new($"{table} {why}: change it back (ALTER TABLE), or rename it (RENAME TABLE) and a new one is made");
}
