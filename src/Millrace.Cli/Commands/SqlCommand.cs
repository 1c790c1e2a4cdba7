using System.CommandLine;
using System.Text.RegularExpressions;
using Millrace.Cli.Output;
using Millrace.Cli.Sql;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace sql</c>: asks ClickHouse: one question, a script on stdin, or a shell.</summary>
sealed partial class SqlCommand
{
    readonly GlobalOptions _globals;
    readonly Argument<string?> _query = new("query") { Arity = ArgumentArity.ZeroOrOne, Description = "Statements; without them, those on stdin, or a shell where stdin is a terminal." };
    readonly Option<string?> _format = new("--format", "-f") { HelpName = "FORMAT", Description = "Any output format of ClickHouse; PrettyCompact on a terminal and TabSeparated elsewhere unless given." };

    SqlCommand(GlobalOptions globals) => _globals = globals;

    public static Command Create(GlobalOptions globals)
    {
        var sql = new SqlCommand(globals);
        var command = new Command("sql", "Ask ClickHouse, or open a shell on it.") { sql._query, sql._format };
        command.SetAction((parsed, cancellation) => sql.RunAsync(parsed, cancellation));
        return command;
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var invocation = Invocation.From(parsed, _globals);
        var format = parsed.GetValue(_format) ?? DefaultFormat(invocation.Output);
        using var client = new SqlClient(invocation.Endpoints, format, Terminal.Width, Terminal.IsInteractive && Environment.GetEnvironmentVariable("NO_COLOR") is null);
        await using var output = Terminal.OpenStdout();
        if (parsed.GetValue(_query) is { } query) await RunAllAsync(client, query, TakesStdin(query), output, cancellation);
        else if (Console.IsInputRedirected) await RunAllAsync(client, await Console.In.ReadToEndAsync(cancellation), takesStdin: false, output, cancellation);
        else await new SqlShell(client, new SqlHistory(invocation.Paths.SqlHistory), output).RunAsync();
        return ExitCodes.Success;
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
