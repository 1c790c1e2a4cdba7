using System.Text.RegularExpressions;

namespace Millrace.Streams.Definition;

/// <summary>
/// SQL that a definition holds: one expression, which stays one between the parentheses where it is put. What it means, ClickHouse says
/// (<c>ExpressionCheck</c>).
/// </summary>
static partial class SqlText
{
    /// <returns>null where the field is absent.</returns>
    public static string? Read(YamlFields fields, string field)
    {
        if (fields.Optional(field) is not { } text) return null;
        return Fault(text) is { } fault ? throw fields.Wrong(field, fault) : text.Trim();
    }

    static string? Fault(string text)
    {
        var rest = Quoted().Replace(text, "''");
        if (rest.Contains('\'', StringComparison.Ordinal) && !Quoted().IsMatch(text)) return "has a quote that does not end; add it";
        foreach (var word in (string[])[";", "--", "/*", "#"])
            if (rest.Contains(word, StringComparison.Ordinal))
                return $"has {word}, which ends an expression; write one expression without comments";
        var depth = 0;
        foreach (var one in rest)
        {
            depth += one switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            if (depth < 0) break;
        }
        return depth == 0 ? null : "has parentheses that do not match";
    }

    [GeneratedRegex(@"'(?:[^'\\]|\\.|'')*'|`[^`]*`|""[^""]*""", RegexOptions.Singleline)]
    private static partial Regex Quoted();
}
