namespace Millrace.Streams.Ddl;

/// <summary>
/// Compares a dead letter table with what this version makes:
/// letters are never dropped, so one that differs is refused before a view fails on it.
/// </summary>
static class DeadLettersChange
{
    /// <exception cref="DdlRefusedException">The table can't take this version's dead letters, or is another stand's.</exception>
    public static IEnumerable<DdlStatement> Statements(string name, string stand, DatabaseState state)
    {
        if (state.Find(name) is not { } table) return [new DdlStatement(DeadLettersSql.CreateTable(name, stand), new Operation(OperationKind.CreateObject, name, $"there is no {name}"))];
        Ownership.RequireTable(table, stand, "give the streams another table for theirs (dead_letters:)");
        var types = state.ColumnsOf(name).ToDictionary(column => column.Name, column => column.Type);
        foreach (var column in DeadLettersSql.Columns.Select(column => column.Split(' ', 2)))
            RequireColumn(name, column[0], column[1], types);
        return StoredRange.Statements(name, state);
    }

    static void RequireColumn(string table, string column, string type, Dictionary<string, string> stored)
    {
        if (!stored.TryGetValue(column, out var found)) throw Refused(table, $"has no column {column} {type}");
        if (found != type) throw Refused(table, $"holds {column} as {found}, not as {type}");
    }

    static DdlRefusedException Refused(string table, string why) =>
        new($"{table} {why}: change it back (ALTER TABLE), or rename it (RENAME TABLE) and a new one is made");
}
