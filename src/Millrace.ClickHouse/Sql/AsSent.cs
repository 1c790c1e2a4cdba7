using System.Buffers;
using System.Text;

namespace Millrace.ClickHouse.Sql;

/// <summary>
/// Where the host changes a statement, a comment keeps what stood there: <c>/*host:WHAT STOOD THERE*/ what stands there /*host*/</c>. So
/// system.processes can show what the user sent, by a view that takes the marks back and knows the id that HTTP gave.
/// </summary>
static class AsSent
{
    /// <summary>In the database system, which is in memory: it is made at each start.</summary>
    const string View = "system.processes_as_sent";

    static readonly SearchValues<string> Signs = SearchValues.Create(["processes", "processlist"], StringComparison.OrdinalIgnoreCase);

    /// <summary>What the host inserts.</summary>
    public static string Inserted(string text) => Mark("", text);

    /// <summary>The same on lines of its own, for behind what may end in a comment.</summary>
    public static string InsertedLine(string text) => $"\n{Inserted(text)}\n";

    /// <param name="tagSetting">The setting that holds the id of HTTP.</param>
    public static string DefineView(string tagSetting) => $$"""
        CREATE VIEW {{View}} AS SELECT * REPLACE(
            if(Settings['{{tagSetting}}'] = '', query_id, Settings['{{tagSetting}}']) AS query_id,
            if(Settings['{{tagSetting}}'] = '', initial_query_id, Settings['{{tagSetting}}']) AS initial_query_id,
            replaceRegexpAll(query, '(?s)\n/\\*host:\\*/.*?/\\*host\\*/\n|/\\*host:(.*?)\\*/.*?/\\*host\\*/', '\\1') AS query)
        FROM system.processes
        """;

    /// <summary>A query of system.processes asks the view instead. Other statements stay: KILL QUERY needs the ids of the engine.</summary>
    public static byte[] ReadProcesses(byte[] statement)
    {
        if (!SideDoor.Contains(statement, Signs)) return statement;
        var scanner = new SqlScanner(statement);
        if (!scanner.MoveNext()) return statement;
        if (scanner.IsWord("SHOW"u8)) return ShowProcessList(statement, scanner);
        return scanner.IsWord("SELECT"u8) || scanner.IsWord("WITH"u8) || scanner.IsWord("FROM"u8) || scanner.IsSymbol('(')
            ? ReplaceTable(statement, scanner)
            : statement;
    }

    static byte[] ShowProcessList(byte[] statement, SqlScanner scanner)
    {
        var start = scanner.Start;
        return scanner.MoveNext() && scanner.IsWord("PROCESSLIST"u8)
            ?
            [
                .. statement[..start],
                .. Replaced(statement[start..scanner.End], $"SELECT * FROM {View} ORDER BY elapsed DESC"),
                .. statement[scanner.End..],
            ]
            : statement;
    }

    static byte[] ReplaceTable(byte[] statement, SqlScanner scanner)
    {
        var result = new List<byte>();
        int copied = 0, databaseAt = -1;
        var dot = false;
        do
        {
            if (dot && Is(scanner, "processes"))
            {
                result.AddRange(statement[copied..databaseAt]);
                result.AddRange(Replaced(statement[databaseAt..scanner.End], View));
                copied = scanner.End;
            }
            dot = databaseAt >= 0 && !dot && scanner.IsSymbol('.');
            if (!dot) databaseAt = Is(scanner, "system") ? scanner.Start : -1;
        }
        while (scanner.MoveNext());
        result.AddRange(statement[copied..]);
        return [.. result];
    }

    static bool Is(SqlScanner scanner, string name) =>
        scanner.Kind != SqlTokenKind.Symbol && scanner.Token[0] != '\'' && Encoding.UTF8.GetString(scanner.Token).Trim('`', '"') == name;

    static byte[] Replaced(byte[] original, string text) => Encoding.UTF8.GetBytes(Mark(Encoding.UTF8.GetString(original), text));

    // A comment in it would end the mark.
    static string Mark(string original, string text) => $"/*host:{original.Replace("*/", "", StringComparison.Ordinal)}*/{text}/*host*/";
}
