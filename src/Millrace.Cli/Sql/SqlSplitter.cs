using System.Text;

namespace Millrace.Cli.Sql;

/// <summary>Cuts a text into statements at the semicolons that are neither in quotes nor in comments: ClickHouse's HTTP interface takes one statement at a time.</summary>
static class SqlSplitter
{
    /// <returns>The statements, without their semicolons; what follows the last one comes last. Blanks and comments alone are no statement.</returns>
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

    /// <summary>Whether somebody who typed this has finished: it ends with a semicolon that counts, or with comments after it.</summary>
    public static bool IsComplete(string text) => Ends(text).LastOrDefault(-1) is >= 0 and var end && IsBlank(text[(end + 1)..]);

    /// <summary>Each comment becomes a blank.</summary>
    public static string WithoutComments(string text)
    {
        var rest = new StringBuilder(text.Length);
        var start = 0;
        foreach (var (from, to) in Marks(text).Where(mark => text[mark.From] != ';'))
        {
            rest.Append(text, start, from - start).Append(' ');
            start = to;
        }
        return rest.Append(text, start, text.Length - start).ToString();
    }

    static void Add(List<string> statements, string statement)
    {
        if (!IsBlank(statement)) statements.Add(statement.Trim());
    }

    static bool IsBlank(string text) => string.IsNullOrWhiteSpace(WithoutComments(text));

    static IEnumerable<int> Ends(string text) => Marks(text).Select(mark => mark.From).Where(from => text[from] == ';');

    /// <summary>The semicolons that count and the comments, as ClickHouse's src/Parsers/Lexer.cpp sees them. A comment that is never closed is none: more must follow.</summary>
    static IEnumerable<(int From, int To)> Marks(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            var end = EndOfMark(text, i);
            if (end <= text.Length && (text[i] == ';' || IsComment(text, i))) yield return (i, end);
            i = end;
        }
    }

    /// <returns>Exclusive; beyond the text for a comment that is never closed.</returns>
    static int EndOfMark(string text, int start) => text[start] switch
    {
        '\'' or '"' or '`' => EndOfQuotes(text, start),
        '/' when IsComment(text, start) => text.IndexOf("*/", start + 2, StringComparison.Ordinal) is >= 0 and var close ? close + 2 : text.Length + 1,
        _ when IsComment(text, start) => text.IndexOf('\n', start) is >= 0 and var line ? line : text.Length,
        _ => start + 1,
    };

    static bool IsComment(string text, int at) => text.AsSpan(at) is ['-', '-', ..] or ['/', '*', ..] or ['#', ' ' or '!', ..];

    /// <summary>A backslash escapes the next character; a doubled quote is two quoted texts side by side, which comes to the same.</summary>
    static int EndOfQuotes(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
            if (text[i] == '\\') i++;
            else if (text[i] == text[start]) return i + 1;
        return text.Length;
    }
}
