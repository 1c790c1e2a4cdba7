namespace Millrace.Streams.Formats;

/// <summary>
/// <c>regex</c>: a text of which a regular expression (RE2) takes the fields out, by its named groups. A group that took nothing is null.
/// </summary>
public sealed record PatternFormat : RecordFormat
{
    readonly IReadOnlyList<(string Name, int Group)> _named;

    PatternFormat(string pattern, IReadOnlyList<(string Name, int Group)> named) => (Pattern, _named) = (pattern, named);

    public string Pattern { get; }

    public override string Name => "regex";

    public override IReadOnlyList<string> Fields => [.. _named.Select(group => group.Name)];

    /// <returns>null for one without a named group, with two of one name, or with text between <c>\Q</c> and <c>\E</c>.</returns>
    public static PatternFormat? Of(string pattern)
    {
        if (pattern.Contains(@"\Q", StringComparison.Ordinal)) return null;
        var named = new List<(string Name, int Group)>();
        var groups = 0;
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] == '\\') at++;
            else if (pattern[at] == '[') at = EndOfClass(pattern, at);
            else if (pattern[at] == '(' && NameAt(pattern, at) is { } name)
            {
                groups++;
                if (name.Length > 0) named.Add((name, groups));
            }
        }
        return named.Count > 0 && named.DistinctBy(group => group.Name).Count() == named.Count ? new PatternFormat(pattern, named) : null;
    }

    internal override string ToJson(string value)
    {
        var values = string.Join(", ", _named.Select(group => Number($"nullIf(groups[{group.Group}], '')")));
        return Let("line", Line(value), Let("groups", Groups,
            $"if(isValidUTF8(line) AND notEmpty(groups), {Object(Fields, $"[{values}]")}, '')"));
    }

    internal override string Fault(string value) => $"if(isValidUTF8({value}), 'does not match the pattern', 'not UTF-8')";

    public override string ToString() => $"{Name} {Pattern}";

    public bool Equals(PatternFormat? other) => other?.Pattern == Pattern;

    public override int GetHashCode() => Pattern.GetHashCode(StringComparison.Ordinal);

    string Groups => $"extractGroups(line, {Text(Pattern)})";

    /// <returns>Empty for a group without a name; null for parentheses that take nothing out.</returns>
    static string? NameAt(string pattern, int at)
    {
        var rest = pattern.AsSpan(at + 1);
        if (rest is not ['?', ..]) return "";
        var name = rest.StartsWith("?P<") ? rest[3..] : rest.StartsWith("?<") ? rest[2..] : [];
        return name.IndexOf('>') is > 0 and var end ? name[..end].ToString() : null;
    }

    /// <summary>A bracket that comes first is one of the characters.</summary>
    static int EndOfClass(string pattern, int at)
    {
        at += pattern.AsSpan(at + 1) is ['^', ..] ? 2 : 1;
        if (at < pattern.Length && pattern[at] == ']') at++;
        for (; at < pattern.Length && pattern[at] != ']'; at++)
        {
            if (pattern[at] == '\\') at++;
            else if (pattern.AsSpan(at) is ['[', ':', ..] && pattern.IndexOf(":]", at, StringComparison.Ordinal) is >= 0 and var end)
                at = end + 1;
        }
        return at;
    }
}
