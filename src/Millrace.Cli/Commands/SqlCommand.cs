using System.CommandLine;
using System.Text.RegularExpressions;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Cli.Sql;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace sql</c>: asks ClickHouse: one question, a script on stdin, or a shell.</summary>
sealed partial class SqlCommand
{
    readonly Argument<string?> _query = new("query")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Statements; without them, those on stdin, or a shell where stdin is a terminal.",
    };

    readonly Option<string?> _format = new("--format", "-f")
    {
        HelpName = "FORMAT",
        Description = "Any output format of ClickHouse; PrettyCompact on a terminal and TabSeparated elsewhere unless given.",
    };

    public static Command Create(GlobalOptions globals)
    {
        var sql = new SqlCommand();
        var command = new Command("sql", "Ask ClickHouse, or open a shell on it.") { sql._query, sql._format };
        command.SetAction((parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, globals);
            return ServerTrouble.ExplainAsync(invocation, () => sql.RunAsync(parsed, invocation, cancellation));
        });
        return globals.Only(command, globals.ClickHouse, globals.Profile, globals.Data, globals.Output);
    }

    async Task<int> RunAsync(ParseResult parsed, Invocation invocation, CancellationToken cancellation)
    {
        var format = parsed.GetValue(_format) ?? DefaultFormat(invocation.Output);
        var colour = Terminal.IsInteractive && Environment.GetEnvironmentVariable("NO_COLOR") is null;
        using var client = new SqlClient(invocation.Endpoints(Servers.ClickHouse), format, Terminal.Width, colour);
        await using var output = Terminal.OpenStdout();
        if (parsed.GetValue(_query) is { } query) await RunAllAsync(client, query, TakesStdin(query), output, cancellation);
        else if (Console.IsInputRedirected) await RunAllAsync(client, await Console.In.ReadToEndAsync(cancellation), takesStdin: false, output, cancellation);
        else await new SqlShell(client, History(invocation.Paths), output, Explain).RunAsync();
        return ExitCodes.Success;

        Exception Explain(Exception failure) => ServerTrouble.Explain(invocation, failure) ?? failure;
    }

    /// <summary>Kept in the data directory, where it is a stand's or can become one.</summary>
    static SqlHistory History(StandPaths paths)
    {
        try
        {
            DataDirectoryLock.TryTake(paths)?.Dispose();
            return new SqlHistory(paths.History);
        }
        catch (CliException)
        {
            // Not worth disturbing somebody who is asking questions.
            return new SqlHistory(null);
        }
    }

    static string DefaultFormat(OutputFormat output) =>
        output == OutputFormat.Json ? "JSON" : Terminal.IsInteractive ? "PrettyCompact" : "TabSeparated";

    static async Task RunAllAsync(SqlClient client, string text, bool takesStdin, Stream output, CancellationToken cancellation)
    {
        if (takesStdin)
        {
            await using var data = Console.OpenStandardInput();
            await client.RunAsync(text.Trim().TrimEnd(';'), data, output, cancellation);
            return;
        }
        foreach (var statement in SqlSplitter.Split(text)) await client.RunAsync(statement, null, output, cancellation);
    }

    /// <summary>An INSERT that ends with its format has its data on stdin, as with clickhouse-client.</summary>
    static bool TakesStdin(string query) => Console.IsInputRedirected && InsertWithoutData().IsMatch(query);

    [GeneratedRegex(@"^\s*INSERT\s.*\b(FORMAT\s+\w+|VALUES)\s*;?\s*$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex InsertWithoutData();
}
