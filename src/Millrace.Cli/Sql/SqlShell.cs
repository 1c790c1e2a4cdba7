using System.Diagnostics;
using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Streams.ClickHouse;

namespace Millrace.Cli.Sql;

/// <summary>The interactive shell of <c>millrace sql</c>: statements end with a semicolon and may take several lines.</summary>
/// <param name="explain">Gives a failure with better words, where there are any.</param>
sealed class SqlShell(SqlClient client, SqlHistory history, Stream output, Func<Exception, Exception> explain)
{
    const string Prompt = "millrace> ";
    const string MorePrompt = "       -> ";

    static readonly string[] Farewells = ["exit", "quit", "\\q"];

    readonly LineEditor _editor = new(history);

    public async Task RunAsync()
    {
        Terminal.Note("A statement ends with a semicolon. Ctrl-C drops it or stops it, Ctrl-D leaves.");
        while (ReadStatement() is { } text)
        {
            history.Add(text);
            foreach (var statement in SqlSplitter.Split(text)) await AnswerAsync(statement);
        }
    }

    /// <returns>null when the user leaves.</returns>
    string? ReadStatement()
    {
        var text = "";
        while (true)
        {
            if (_editor.Read(text.Length == 0 ? Prompt : MorePrompt, out var cancelled) is not { } line) return null;
            text = cancelled ? "" : $"{text}{line}\n";
            if (Farewells.Contains(text.Trim().TrimEnd(';'), StringComparer.OrdinalIgnoreCase)) return null;
            if (SqlSplitter.IsComplete(text)) return text.Trim();
            if (SqlSplitter.Split(text).Count == 0) text = "";
        }
    }

    /// <summary>Runs a statement and writes its result; a failure is told, and the shell goes on.</summary>
    public async Task AnswerAsync(string statement)
    {
        using var cancel = new CancellationTokenSource();
        void OnCancel(object? _, ConsoleCancelEventArgs e)
        {
            e.Cancel = true;
            cancel.Cancel();
        }
        Console.CancelKeyPress += OnCancel;
        try
        {
            var started = Stopwatch.GetTimestamp();
            var summary = await client.RunAsync(statement, null, output, cancel.Token);
            Terminal.Note(Describe(summary, Stopwatch.GetElapsedTime(started)) + Environment.NewLine);
        }
        catch (OperationCanceledException)
        {
            Terminal.Note("Stopped." + Environment.NewLine);
        }
        catch (Exception e) when (e is CliException or ClickHouseTroubleException)
        {
            Terminal.Note(explain(e).Message + Environment.NewLine);
        }
        finally
        {
            Console.CancelKeyPress -= OnCancel;
        }
    }

    static string Describe(SqlSummary summary, TimeSpan elapsed)
    {
        var seconds = elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
        return summary.WrittenRows > 0
            ? $"{Humanize.Count(summary.WrittenRows)} rows written in {seconds} s."
            : $"{Humanize.Count(summary.ReadRows)} rows read in {seconds} s.";
    }
}
