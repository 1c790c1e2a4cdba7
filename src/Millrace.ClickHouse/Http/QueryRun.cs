using System.Text;
using Millrace.ClickHouse.Embedding;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Http;

/// <summary>Runs what a request asks for, in a session of its own on a thread of its own. One at a time for each request.</summary>
sealed class QueryRun(Engine engine, QueryRequest request)
{
    const int RowBufferBytes = 256 * 1024;

    /// <summary>How often a query that must stop is told so: it may not have reached system.processes yet.</summary>
    static readonly TimeSpan KillInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>What the result is in; settled before its first byte.</summary>
    public string Format { get; private set; } = request.DefaultFormat;

    /// <summary>Runs a statement; with a pipe, the rows of a SELECT go there.</summary>
    public Task<EngineResult> Run(StatementText statement, ResultPipe? pipe) => EngineThread.Run(() =>
    {
        try
        {
            using var session = OpenSession(statement.Text);
            // Text that does not parse runs unchanged, so that the error shows what the user wrote.
            var parses = session.Parses(statement.Text);
            if (parses && pipe is not null && !FormatIsAClause(statement, pipe, session)) statement = statement.WithFormatAsAName();
            Format = statement.Format ?? request.DefaultFormat;
            var result = session.Execute(parses && pipe is not null ? statement.IntoFile(pipe.Path) : statement.Text, request.DefaultFormat, request.Parameters);
            // The words on which clickhouse-client ends (exit, quit, \q ...) are no statements here.
            if (!parses) throw new EngineException(ErrorCodes.SyntaxError, "SYNTAX_ERROR", "Syntax error: failed at position 1.");
            // The ids that HTTP gives are tags in the engine: a KILL QUERY that met no id of the engine's may mean one of these.
            return statement.IsKillQuery && result.Statistics.ResultRows == 0
                ? session.Execute(statement.ByTag(Engine.TagSetting), request.DefaultFormat, request.Parameters)
                : result;
        }
        finally
        {
            pipe?.CloseWriter();
        }
    });

    /// <summary>Runs an INSERT whose rows are the rest of the input.</summary>
    public Task<EngineResult> Run(InsertHead insert, QueryInput input, CancellationToken ct) => EngineThread.Run(() =>
    {
        var head = input.Text.AsSpan(0, insert.StatementLength);
        using var prepared = OpenSession([.. head, .. Encoding.ASCII.GetBytes($" FORMAT {insert.Format}")]);
        // After any statement on its connection an insert takes itself for cancelled where a view asks a scalar subquery: the client in the
        // library leaves its interrupt handler stopped (ClientBase in chdb-core's src/Client). So a connection that was prepared is only
        // asked whether it can be, and the insert carries along what it was prepared with. One that may only read is refused anyway.
        using var untouched = IsPrepared && !request.ReadOnly ? engine.Open(request.QueryId) : null;
        using var stream = untouched is null
            ? prepared.Insert(head, insert.Format, request.Parameters)
            : untouched.Insert(insert.StatementWith(input.Text, request.Database, SettingsAsSql()), insert.Format, request.Parameters);
        var accepted = stream.Append(input.Text.AsSpan(insert.DataOffset));
        var buffer = new byte[input.Rest is null ? 0 : RowBufferBytes];
        while (accepted && input.Rest is not null)
        {
            var count = input.Rest.ReadAsync(buffer, ct).AsTask().GetAwaiter().GetResult();
            if (count == 0) break;
            accepted = stream.Append(buffer.AsSpan(0, count));
        }
        return stream.Complete();
    });

    /// <summary>Stops the query if it still runs, and returns when it has stopped.</summary>
    public Task Stop(Task running) => Stop(running, () => engine.Kill(request.QueryId));

    /// <param name="kill">Repeated until the query has stopped, also when the engine has no connection for it this time.</param>
    internal static async Task Stop(Task running, Action kill)
    {
        while (!running.IsCompleted)
        {
            try
            {
                await EngineThread.Run(kill);
            }
            catch (EngineException)
            {
                // The next interval tries again: whoever waits here holds what the query still uses.
            }
            await Task.WhenAny(running, Task.Delay(KillInterval));
        }
    }

    /// <summary>Whether a session begins with statements of the host's.</summary>
    bool IsPrepared => request.Settings.Count > 0 || request.Database is not null;

    string SettingsAsSql() => string.Join(", ", request.Settings.Select(s => $"{SqlText.Name(s.Key)} = {SqlText.Literal(s.Value)}"));

    // Only before the clause may the file stand. Where it is a name, as in ORDER BY format DESC, the parser refuses it.
    static bool FormatIsAClause(StatementText statement, ResultPipe pipe, EngineSession session) =>
        statement.Format is null || session.Parses(statement.IntoFile(pipe.Path));

    /// <param name="statement">What will run there, whole.</param>
    EngineSession OpenSession(ReadOnlySpan<byte> statement)
    {
        var session = engine.Open(request.QueryId);
        try
        {
            // First, so that the engine itself refuses a readonly = 0 among the request's settings.
            if (request.ReadOnly) session.Execute("SET readonly = 2");
            if (request.Settings.Count > 0) session.Execute($"SET {SettingsAsSql()}");
            if (request.Database is { } database) session.Execute($"USE {SqlText.Name(database)}");
            if (request.ReadOnly) StatementGuard.LeaveReadingOnly(engine, session, statement);
            StatementGuard.Check(engine, session, statement);
            return session;
        }
        catch (EngineException)
        {
            session.Dispose();
            throw;
        }
    }
}
