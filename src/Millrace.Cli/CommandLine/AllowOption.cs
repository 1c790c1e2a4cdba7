using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.Output;
using Millrace.Streams.Ddl;

namespace Millrace.Cli.CommandLine;

/// <summary><c>--allow</c>: data that a plan may lose, by name.</summary>
static class AllowOption
{
    public static Option<string[]> Create() => new("--allow")
    {
        HelpName = "WORD",
        Description = "Let go of data, by name, as the plan names it: --allow drop-column:orders.coupon. May be given several times.",
        DefaultValueFactory = _ => [],
    };

    /// <exception cref="CliException">A word allows what nothing does, and something else needs one: it may be misspelt.</exception>
    public static Allowances Read(ParseResult parsed, Option<string[]> option, IReadOnlyList<Operation> operations)
    {
        var words = parsed.GetValue(option)!;
        if (words.Except(operations.Select(operation => operation.Needs)).FirstOrDefault() is not { } useless) return new Allowances(words);
        var needed = operations.Select(operation => operation.Needs).OfType<string>().ToList();
        if (needed.Count > 0)
            throw new CliException(
                ExitCodes.Usage, $"--allow {useless} allows nothing that this plan does: it needs {string.Join(" and ", needed)}.");
        // An apply that was killed after it dropped the column is finished by the same words.
        Terminal.Note($"--allow {useless} is not needed: this plan loses nothing.");
        return new Allowances(words);
    }
}
