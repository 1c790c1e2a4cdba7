using System.Diagnostics;
using System.Text;
using Millrace.ClickHouse.Diagnostics;
using Millrace.ClickHouse.Embedding;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Http;

/// <summary>Runs what a request asks for, on a connection of its own or of its session's tables. One at a time for each request.</summary>
/// <param name="request">With what its session keeps.</param>
/// <param name="tables">Where the request's external tables are; null when it has none.</param>
sealed class QueryRun(Engine engine, QueryRequest request, Session? session, PreparedConnection? tables = null)
{
    const int RowBufferBytes = 256 * 1024;

    /// <summary>How often a query that must stop is told so: it may not have reached system.processes yet.</summary>
    static readonly TimeSpan KillInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>What the result is in; settled before its first byte. Null for a statement that gives none.</summary>
    public string? Format { get; private set; }

    /// <summary>What the query wants on its answer; settled with the format.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; private set; } = [];

    /// <summary>Runs a statement; with a pipe, the rows of a SELECT go there.</summary>
    public Task<EngineResult> RunAsync(StatementText statement, ResultPipe? pipe) =>
        EngineThread.RunAsync(() => Measured(KindOf(statement), () => Run(statement, pipe)));

    /// <summary>Runs an INSERT whose rows are the rest of the input.</summary>
    public Task<EngineResult> RunAsync(InsertHead insert, QueryInput input, CancellationToken cancellation) =>
        EngineThread.RunAsync(() => Measured("Insert", () => Run(insert, input, cancellation)));

    /// <summary>Stops the query if it still runs, and returns when it has stopped.</summary>
    public Task StopAsync(Task running) => StopAsync(running, () => engine.Kill(request.QueryId));

    /// <param name="kill">Repeated until the query has stopped, also when the engine has no connection for it this time.</param>
    internal static async Task StopAsync(Task running, Action kill)
    {
        while (!running.IsCompleted)
        {
            try
            {
                await EngineThread.RunAsync(kill);
            }
            catch (EngineException)
            {
                // The next interval tries again: whoever waits here holds what the query still uses.
            }
            await Task.WhenAny(running, Task.Delay(KillInterval));
        }
    }

    static string KindOf(StatementText statement) => statement.IsSelect ? "Select" : statement.IsInsert ? "Insert" : "Other";

    static EngineResult Measured(string kind, Func<EngineResult> run)
    {
        var started = Stopwatch.GetTimestamp();
        QueryStatistics statistics = default;
        try
        {
            var result = run();
            statistics = result.Statistics;
            return result;
        }
        finally
        {
            ClickHouseMeters.Ran(kind, Stopwatch.GetElapsedTime(started), statistics);
        }
    }

    EngineResult Run(StatementText statement, ResultPipe? pipe)
    {
        try
        {
            var changesSession = session is not null && statement.ChangesConnection;
            using var opened = tables is null ? PreparedConnection.Open(engine, request, session, onItsOwn: changesSession) : null;
            var prepared = opened ?? tables!;
            prepared.Admit(statement.Text);
            Headers = ResponseHeaders.Of(engine, request, statement.Text);
            if (session is not null && statement.MakesTemporaryTable) prepared.KeepForTables();
            return changesSession ? Change(session!, prepared.Connection, statement) : Run(statement, pipe, prepared.Connection);
        }
        finally
        {
            pipe?.CloseWriter();
        }
    }

    EngineResult Run(InsertHead insert, QueryInput input, CancellationToken cancellation)
    {
        var head = input.Text.AsSpan(0, insert.StatementLength);
        using var opened = tables is null ? PreparedConnection.Open(engine, request, session) : null;
        var prepared = opened ?? tables!;
        Headers = ResponseHeaders.Of(engine, request, head);
        prepared.Admit([.. head, .. Encoding.ASCII.GetBytes($" FORMAT {insert.Format}")]);
        // After any statement on its connection an insert takes itself for cancelled where a view asks a scalar subquery: the client in the
        // library leaves its interrupt handler stopped (ClientBase in chdb-core's src/Client). So a connection that was prepared is only
        // asked whether it can be, and the insert carries along what it was prepared with. One that may only read is refused anyway.
        using var untouched = IsPrepared && !MustInsertOn(prepared.Connection, insert.BareName(input.Text))
            ? engine.Open(request.QueryId)
            : null;
        using var stream = untouched is null
            ? prepared.Connection.Insert(head, insert.Format, request.Parameters)
            : untouched.Insert(
                insert.StatementWith(input.Text, request.Database, SqlText.Settings(request.Settings)), insert.Format, request.Parameters);
        var accepted = stream.Append(input.Text.AsSpan(insert.DataOffset));
        var buffer = new byte[input.Rest is null ? 0 : RowBufferBytes];
        while (accepted && input.Rest is not null)
        {
            var count = input.Rest.ReadAsync(buffer, cancellation).AsTask().GetAwaiter().GetResult();
            if (count == 0) break;
            accepted = stream.Append(buffer.AsSpan(0, count));
        }
        return stream.Complete();
    }

    /// <summary>Whether a connection begins with statements of the host's.</summary>
    bool IsPrepared =>
        request.Settings.Count > 0 || request.Database is not null || request.Roles is not null || session?.Tables is not null;

    EngineResult Run(StatementText statement, ResultPipe? pipe, EngineSession connection)
    {
        // Text that does not parse runs unchanged, so that the error shows what the user wrote.
        var parses = connection.Parses(statement.Text);
        if (parses && pipe is not null && !FormatIsAClause(statement, pipe, connection)) statement = statement.WithFormatAsAName();
        Format = statement.Format ?? request.DefaultFormat;
        var text = parses && pipe is not null ? statement.IntoFile(pipe.Path) : statement.Text;
        var result = connection.Execute(text, request.DefaultFormat, request.Parameters);
        if (result.Data.Length == 0 && !statement.GivesResult) Format = null;
        // The words on which clickhouse-client ends (exit, quit, \q ...) are no statements here.
        if (!parses) throw new EngineException(ErrorCodes.SyntaxError, "SYNTAX_ERROR", "Syntax error: failed at position 1.");
        // The ids that HTTP gives are tags in the engine: a KILL QUERY that met no id of the engine's may mean one of these.
        return statement.IsKillQuery && result.Statistics.ResultRows == 0
            ? connection.Execute(statement.ByTag(Engine.TagSetting), request.DefaultFormat, request.Parameters)
            : result;
    }

    EngineResult Change(Session kept, EngineSession connection, StatementText statement)
    {
        var before = ConnectionState.Of(connection);
        var result = Run(statement, null, connection);
        kept.Keep(before, ConnectionState.Of(connection));
        return result;
    }

    /// <summary>Rights that were given up, and temporary tables, are the connection's.</summary>
    bool MustInsertOn(EngineSession prepared, ReadOnlySpan<byte> table)
    {
        if (request.ReadOnly || request.Roles is not null) return true;
        if (session?.Tables is null || table.IsEmpty) return false;
        return prepared.Execute([.. "EXISTS TEMPORARY TABLE "u8, .. table], "TabSeparated", request.Parameters).Data is [(byte)'1', ..];
    }

    // Only before the clause may the file stand. Where it is a name, as in ORDER BY format DESC, the parser refuses it.
    static bool FormatIsAClause(StatementText statement, ResultPipe pipe, EngineSession session) =>
        statement.Format is null || session.Parses(statement.IntoFile(pipe.Path));
}
