namespace Millrace.Cli.Sql;

/// <summary>Cuts a text into statements at the semicolons that are neither in quotes nor in comments: ClickHouse's HTTP interface takes one statement at a time.</summary>
static class SqlSplitter
{
    /// <returns>The statements, without their semicolons; what follows the last one comes last, if it is more than blanks.</returns>
    public static IReadOnlyList<string> Split(string text)
    {
        var statements = new List<string>();
        var start = 0;
        foreach (var end in Ends(text))
        {
            Add(statements, text[start..end]);
            start = end + 1;
        }
        Add(statements, text[start..]);
        return statements;
    }

    /// <summary>Whether somebody who typed this has finished: it ends with a semicolon that counts.</summary>
    public static bool IsComplete(string text) => Ends(text).LastOrDefault(-1) is >= 0 and var end && string.IsNullOrWhiteSpace(text[(end + 1)..]);

    static void Add(List<string> statements, string statement)
    {
        if (!string.IsNullOrWhiteSpace(statement)) statements.Add(statement.Trim());
    }

    static IEnumerable<int> Ends(string text)
    {
        for (var i = 0; i < text.Length; i++)
            switch (text[i])
            {
                case ';':
                    yield return i;
                    break;
                case '\'' or '"' or '`':
                    i = EndOfQuotes(text, i);
                    break;
                case '-' when StartsWith(text, i, "--"):
                    i = IndexOrEnd(text, "\n", i);
                    break;
                case '/' when StartsWith(text, i, "/*"):
                    i = IndexOrEnd(text, "*/", i + 2) + 1;
                    break;
            }
    }

    static bool StartsWith(string text, int at, string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    static int IndexOrEnd(string text, string what, int from) =>
        from < text.Length && text.IndexOf(what, from, StringComparison.Ordinal) is >= 0 and var index ? index : text.Length;

    /// <summary>A backslash escapes the next character; a doubled quote is two quoted texts side by side, which comes to the same.</summary>
    static int EndOfQuotes(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
            if (text[i] == '\\') i++;
            else if (text[i] == text[start]) return i;
        return text.Length;
    }
}
