using System.CommandLine;
using System.CommandLine.Parsing;
using Millrace.Cli.Basics;

namespace Millrace.Cli;

/// <summary>Says of a word that looks like an option, and is none of its command, what it might have been.</summary>
static class UnknownOption
{
    /// <summary>So many letters wrong, left out or too many are a slip.</summary>
    const int MostSlips = 2;

    public static bool IsOne(string token) => token.Length > 1 && token[0] == '-';

    public static string Sentence(ParseResult parsed, string token)
    {
        // A value that hangs on it is nobody's business here: it may be a password.
        var name = token.Split('=', ':')[0];
        var commands = CommandsFrom(parsed.CommandResult).ToList();
        if (IsInTree(parsed.RootCommandResult.Command, name)) return $"{commands[0].Name} has no use for {name}";
        var meant = commands.SelectMany((command, i) => command.Options.Where(option => i == 0 || option.Recursive))
            .Where(option => !option.Hidden).Select(option => option.Name).Distinct().Where(known => IsLike(known, name)).ToList();
        var hint = meant.Count > 0 ? $" (did you mean {string.Join(" or ", meant)}?)" : "";
        return $"{(commands.Count > 1 ? commands[0].Name : Self.Command)} has no option {name}{hint}";
    }

    /// <summary>The command and those that it belongs to.</summary>
    static IEnumerable<Command> CommandsFrom(CommandResult result)
    {
        for (var one = result; one is not null; one = one.Parent as CommandResult) yield return one.Command;
    }

    static bool IsInTree(Command command, string name) =>
        command.Options.Any(option => !option.Hidden && (option.Name == name || option.Aliases.Contains(name)))
        || command.Subcommands.Any(sub => IsInTree(sub, name));

    /// <summary>A slip of the pen, or one of the words that the option is made of.</summary>
    static bool IsLike(string known, string name)
    {
        var (word, typed) = (known.TrimStart('-'), name.TrimStart('-'));
        return typed.Length > MostSlips && (word.Split('-').Contains(typed) || Slips(word, typed) <= MostSlips);
    }

    /// <summary>Levenshtein's distance.</summary>
    static int Slips(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var changed = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
