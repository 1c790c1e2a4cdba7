using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Streams.Types;

/// <summary>A type as it is written: a word, and in parentheses what it is made of. Immutable.</summary>
/// <param name="Word">
/// A name, a number, or a text in its quotes; <c>=</c> for what stands on both sides of it; <see cref="Named"/> for a name and what it names.
/// </param>
/// <param name="Arguments">Empty where there are no parentheses.</param>
sealed partial record TypeText(string Word, IReadOnlyList<TypeText> Arguments)
{
    /// <summary>Of an element of a tuple that has a name: its arguments are the name and the type.</summary>
    public const string Named = ":";

    /// <returns>null where <paramref name="text"/> has not the form of a type, or quotes what is refused.</returns>
    public static TypeText? Parse(string text)
    {
        if (!Form().IsMatch(text) || RefusedQuote(text) is not null) return null;
        var tokens = Token().Matches(text).Select(match => match.Value).ToList();
        var at = 0;
        return Take(tokens, ref at) is { } type && at == tokens.Count ? type : null;
    }

    /// <summary>The whole number that it is; null where it is something else.</summary>
    public int? Number =>
        int.TryParse(Word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && Arguments.Count == 0
            ? number
            : null;

    /// <summary>The text between its quotes; null where it is something else.</summary>
    public string? Quoted => Word is ['\'', .. var inner, '\''] ? Escape().Replace(inner, match => match.Value[1..]) : null;

    /// <summary>A name, with its backticks or without; null where it is something else.</summary>
    public string? Name => Arguments.Count > 0 ? null : Word switch
    {
        ['`', .. var inner, '`'] => inner,
        [var first, ..] when char.IsAsciiLetter(first) || first == '_' => Word,
        _ => null,
    };

    /// <summary>
    /// What a text in quotes has that is refused; null where there is nothing. ClickHouse has more escapes, all for bytes that nobody sees
    /// (src/IO/ReadHelpers.cpp, parseComplexEscapeSequence), and leaves an unknown one as it is: somebody else's reading would differ.
    /// </summary>
    public static string? RefusedQuote(string text)
    {
        foreach (var quoted in Token().Matches(text).Select(match => match.Value).Where(token => token[0] == '\''))
        {
            if (quoted.Where(char.IsControl).Select(one => (int?)one).FirstOrDefault() is { } control)
                return string.Create(CultureInfo.InvariantCulture, $"a control character, U+{control:X4}");
            var escapes = Escape().Matches(quoted[1..^1]).Select(match => match.Value);
            if (escapes.FirstOrDefault(escape => escape[1] is not ('\\' or '\'')) is { } unknown)
                return $"an escape that is unknown here, {unknown}";
        }
        return null;
    }

    static TypeText? Take(List<string> tokens, ref int at)
    {
        if (TakeOne(tokens, ref at) is not { } left) return null;
        if (left.Name is not null && at < tokens.Count && tokens[at] is not ("(" or ")" or "," or "="))
            return TakeOne(tokens, ref at) is { } named ? new TypeText(Named, [left, named]) : null;
        if (at == tokens.Count || tokens[at] != "=") return left;
        at++;
        return TakeOne(tokens, ref at) is { } right ? new TypeText("=", [left, right]) : null;
    }

    static TypeText? TakeOne(List<string> tokens, ref int at)
    {
        if (at == tokens.Count || tokens[at] is "(" or ")" or "," or "=") return null;
        var word = tokens[at++];
        if (at == tokens.Count || tokens[at] != "(") return new TypeText(word, []);
        var arguments = new List<TypeText>();
        do
        {
            at++;
            if (Take(tokens, ref at) is not { } argument) return null;
            arguments.Add(argument);
        }
        while (at < tokens.Count && tokens[at] == ",");
        if (at == tokens.Count || tokens[at++] != ")") return null;
        return new TypeText(word, arguments);
    }

    const string Tokens = @"[A-Za-z_]\w*|`[^`\\]+`|[+-]?\d+|(?>'(?:[^'\\]|\\.|'')*')|[(),=]";

    [GeneratedRegex(Tokens, RegexOptions.Singleline)]
    private static partial Regex Token();

    [GeneratedRegex($@"^(?:\s*(?:{Tokens}))+\s*\z", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex(@"\\.|''", RegexOptions.Singleline)]
    private static partial Regex Escape();
}
