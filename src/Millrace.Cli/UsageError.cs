using System.CommandLine;
using System.CommandLine.Parsing;
using Millrace.Cli.Basics;
using Millrace.Cli.Endpoints;

namespace Millrace.Cli;

/// <summary>Says in one sentence what is wrong with a command line.</summary>
static class UsageError
{
    public static string Sentence(ParseResult parsed)
    {
        var error = string.Join("; ", Errors(parsed));
        return $"{error}: see  {VerbOf(parsed)} --help";
    }

    static IEnumerable<string> Errors(ParseResult parsed)
    {
        var unknown = parsed.UnmatchedTokens.Where(UnknownOption.IsOne).ToList();
        // The word behind an option that nobody knows is its value: what it stands for is not known either.
        if (parsed.UnmatchedTokens is [var first, ..] && UnknownOption.IsOne(first))
            return unknown.Select(option => UnknownOption.Sentence(parsed, option)).Distinct();
        // An unknown verb is also a missing one; the unknown word is the better news, and it comes last.
        return [string.Join(' ', WithoutPasswords(parsed).Split((char[])['\n', '\t'], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.')];
    }

    /// <summary>It repeats what was typed, and a slip may have put a URL with a password where none belongs.</summary>
    static string WithoutPasswords(ParseResult parsed) =>
        parsed.Tokens.Select(token => token.Value).Where(word => word.Length > 0).Aggregate(
            parsed.Errors[^1].Message,
            (error, word) => error.Replace(word, ClickHousePassword.Hide(word), StringComparison.Ordinal));

    static string VerbOf(ParseResult parsed)
    {
        // The root's own name is whatever the process is called.
        var words = new Stack<string>();
        for (var result = parsed.CommandResult; result.Parent is CommandResult parent; result = parent) words.Push(result.Command.Name);
        return string.Join(' ', words.Prepend(Self.Command));
    }
}
