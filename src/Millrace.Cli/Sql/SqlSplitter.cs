using System.Text;
using Millrace.ClickHouse.Sql;

namespace Millrace.Cli.Sql;

/// <summary>
/// Cuts a text into statements at the semicolons that are neither in quotes nor in comments: ClickHouse's HTTP interface takes one statement
/// at a time. Reads with the scanner of the embedded ClickHouse's HTTP front, so that both see the same statements.
/// </summary>
static class SqlSplitter
{
    /// <returns>The statements, without their semicolons; what follows the last one comes last. Blanks and comments alone are no statement.</returns>
    public static IReadOnlyList<string> Split(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var statements = new List<string>();
        var start = 0;
        for (var scanner = new SqlScanner(bytes); scanner.MoveNext();)
        {
            if (!scanner.IsSymbol(';')) continue;
            Add(statements, bytes.AsSpan(start, scanner.Start - start));
            start = scanner.End;
        }
        Add(statements, bytes.AsSpan(start));
        return statements;
    }

    /// <summary>Whether somebody who typed this has finished: it ends with a semicolon that counts, or with comments after it.</summary>
    public static bool IsComplete(string text)
    {
        var scanner = new SqlScanner(Encoding.UTF8.GetBytes(text), mayGoOn: true);
        var ended = false;
        while (scanner.MoveNext()) ended = scanner.IsSymbol(';');
        return ended && !scanner.IsOpen;
    }

    /// <summary>Each comment becomes a blank. One that is never closed is none: more must follow.</summary>
    public static string WithoutComments(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var rest = new StringBuilder(text.Length);
        var end = 0;
        var scanner = new SqlScanner(bytes, mayGoOn: true);
        while (scanner.MoveNext())
        {
            rest.Append(Between(bytes.AsSpan(end, scanner.Start - end))).Append(Encoding.UTF8.GetString(scanner.Token));
            end = scanner.End;
        }
        var tail = bytes.AsSpan(end);
        return rest.Append(scanner.IsOpen ? Encoding.UTF8.GetString(tail) : Between(tail)).ToString();
    }

    static void Add(List<string> statements, ReadOnlySpan<byte> statement)
    {
        var scanner = new SqlScanner(statement);
        if (scanner.MoveNext() || scanner.IsOpen) statements.Add(Encoding.UTF8.GetString(statement).Trim());
    }

    /// <summary>Blanks stay as they are.</summary>
    static string Between(ReadOnlySpan<byte> gap)
    {
        var text = Encoding.UTF8.GetString(gap);
        return string.IsNullOrWhiteSpace(text) ? text : " ";
    }
}
