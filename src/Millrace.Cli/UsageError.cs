using System.CommandLine;

namespace Millrace.Cli;

/// <summary>Says in one sentence what is wrong with a command line.</summary>
static class UsageError
{
    public static string Sentence(ParseResult parsed)
    {
        // An unknown verb is also a missing one; the unknown word is the better news, and it comes last.
        var error = parsed.Errors[^1].Message.TrimEnd('.');
        return $"{error}: see  {VerbOf(parsed)} --help";
    }

    static string VerbOf(ParseResult parsed)
    {
        var words = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult) words.Push(result.Command.Name);
        return string.Join(' ', words);
    }
}
