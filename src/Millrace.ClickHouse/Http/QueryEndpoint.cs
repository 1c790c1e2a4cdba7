using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Millrace.ClickHouse.Diagnostics;
using Millrace.ClickHouse.Embedding;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Options;
using Millrace.ClickHouse.Sql;
using Millrace.HttpAccess;

namespace Millrace.ClickHouse.Http;

/// <summary>Queries by GET and POST. Thread-safe.</summary>
sealed class QueryEndpoint(Engine engine, ClickHouseOptions options, RunningQueries running, Sessions sessions, ILogger logger)
{
    /// <summary>
    /// A result up to here is held back until the query is over, so that its error still finds the status line: DBMS_DEFAULT_BUFFER_SIZE,
    /// as in ClickHouse.
    /// </summary>
    const int HeldBackBytes = 1 << 20;

    public async Task HandleAsync(HttpContext context)
    {
        var queryId = QueryRequest.ReadQueryId(context.Request);
        var response = new QueryResponse(context, engine, queryId);
        try
        {
            await AnswerAsync(context, queryId, response);
        }
        catch (EngineException failure) when (!context.RequestAborted.IsCancellationRequested)
        {
            var e = Refusal.Explain(failure, response.ReadsOnly, engine.Files is not null);
            if (context.Response.HasStarted) logger.FailedMidStream(queryId, e.Message);
            else logger.QueryFailed(queryId, e.Message);
            ClickHouseMeters.RequestFailed(e.Name);
            await response.FailAsync(e);
        }
        // Nothing above would tell of it: an empty 500, and no line in the log, since ASP.NET's is off.
        catch (Exception e) when (!IsOfALostClient(e) && !context.RequestAborted.IsCancellationRequested)
        {
            var error = InClickHousesWords(e);
            ClickHouseMeters.RequestFailed(error.Name);
            logger.FailedInHost(queryId, error.Code == ErrorCodes.UnknownException ? e.ToString() : error.Message);
            await response.FailAsync(error);
        }
    }

    /// <summary>Answers who may not ask at all.</summary>
    public Task RefuseAsync(HttpContext context, AccessRefusal refusal)
    {
        var error = Authentication.InClickHousesWords(refusal);
        ClickHouseMeters.RequestFailed(error.Name);
        return new QueryResponse(context, engine, QueryRequest.ReadQueryId(context.Request)).FailAsync(error);
    }

    // With these Kestrel ends the read of a body when the connection is reset, or closed by a stop; RequestAborted may follow only later.
    static bool IsOfALostClient(Exception e) => e is ConnectionResetException or OperationCanceledException;

    // The only file that the host writes for a query is the one that holds a result back.
    static EngineException InClickHousesWords(Exception e) => e is IOException { HResult: DataDirectoryHold.NoSpace }
        ? new EngineException(
            ErrorCodes.NotEnoughSpace, "NOT_ENOUGH_SPACE", $"{e.Message}: make room there, or ask without wait_end_of_query.")
        : new EngineException(e.Message);

    async Task AnswerAsync(HttpContext context, string queryId, QueryResponse response)
    {
        Authentication.Check(context.Request, options.Password);
        RequestBody.RequireLength(context.Request);
        var request = QueryRequest.Read(context.Request, queryId);
        response.Accept(request);
        using var lease = sessions.Enter(request);
        using var slot = request.Replaces
            ? await running.ReplaceAsync(queryId, () => engine.Kill(queryId), context.RequestAborted)
            : running.Enter(queryId);
        try
        {
            var session = lease?.Session;
            if (session is not null) response.Accept(request = request.In(session));
            await RunAsync(context, request, session, response);
        }
        catch (Exception e) when (RequestBody.IsUnreadable(context.Request, e))
        {
            throw new EngineException(
                ErrorCodes.CannotReadAllData,
                "CANNOT_READ_ALL_DATA",
                $"The request body can't be read to its end: {RequestBody.Reason(e)}");
        }
    }

    async Task RunAsync(HttpContext context, QueryRequest request, Session? session, QueryResponse response)
    {
        var cancellation = context.RequestAborted;
        var body = RequestBody.Open(context.Request, request);
        if (MultipartForm.BoundaryOf(context.Request) is not { } boundary)
        {
            await RunAsync(
                new QueryRun(engine, request, session),
                request,
                await QueryInput.ReadAsync(request, body, cancellation),
                response,
                cancellation);
            return;
        }
        using var form = new MultipartForm(engine, request, session, context.Request.Query);
        await EngineThread.RunAsync(() => form.Read(body, boundary, cancellation));
        request = form.Request;
        var input = await QueryInput.ReadAsync(request, Stream.Null, cancellation);
        await RunAsync(new QueryRun(engine, request, session, form.Tables), request, input, response, cancellation);
    }

    static async Task RunAsync(
        QueryRun query, QueryRequest request, QueryInput input, QueryResponse response, CancellationToken cancellation)
    {
        if (input.FindInsert() is { } insert)
        {
            await SendAllAsync(query, query.RunAsync(insert, input, cancellation), response, cancellation);
            return;
        }
        var statement = input.Parse();
        if (statement.IsSelect) await SelectAsync(request, response, query, statement, cancellation);
        else await SendAllAsync(query, query.RunAsync(statement, pipe: null), response, cancellation);
    }

    /// <summary>Answers when the query is over; a connection closed meanwhile stops it.</summary>
    static async Task SendAllAsync(QueryRun query, Task<EngineResult> running, QueryResponse response, CancellationToken cancellation)
    {
        var closed = new TaskCompletionSource();
        await using var registration = cancellation.UnsafeRegister(_ => closed.TrySetResult(), null);
        if (await Task.WhenAny(running, closed.Task) != running) await query.StopAsync(running);
        var result = await running;
        await response.Start(query, result.Statistics).WriteAsync(result.Data, cancellation);
        await response.FinishAsync();
    }

    static async Task SelectAsync(
        QueryRequest request, QueryResponse response, QueryRun query, StatementText statement, CancellationToken cancellation)
    {
        using var pipe = new ResultPipe();
        var carrying = pipe.CarryAsync();
        var running = query.RunAsync(statement, pipe);
        try
        {
            if (request.WaitsForEnd) await SendHeldBackAsync(query, pipe.Reader, running, response, cancellation);
            else await SendAsItComesAsync(query, pipe.Reader, running, response, cancellation);
        }
        finally
        {
            // A reader that is done lets the pipe discard what the engine still writes, so that it can come to its end.
            await pipe.Reader.CompleteAsync();
            try
            {
                await query.StopAsync(running);
            }
            finally
            {
                // Before that the engine may still open the pipe by the number of its descriptor, which would then be another file's.
                await carrying;
            }
        }
    }

    static async Task SendHeldBackAsync(
        QueryRun query, PipeReader result, Task<EngineResult> running, QueryResponse response, CancellationToken cancellation)
    {
        await using var held = new FileBufferingWriteStream(HeldBackBytes);
        await result.CopyToAsync(held, cancellation);
        await held.DrainBufferAsync(response.Start(query, (await running).Statistics), cancellation);
        await response.FinishAsync();
    }

    static async Task SendAsItComesAsync(
        QueryRun query, PipeReader result, Task<EngineResult> running, QueryResponse response, CancellationToken cancellation)
    {
        var first = await result.ReadAtLeastAsync(HeldBackBytes, cancellation);
        // Of a query that still runs the counters are not known yet: they stay at 0.
        var body = response.Start(query, first.IsCompleted ? (await running).Statistics : default);
        foreach (var part in first.Buffer) await body.WriteAsync(part, cancellation);
        result.AdvanceTo(first.Buffer.End);
        await result.CopyToAsync(body, cancellation);
        await running;
        await response.FinishAsync();
    }
}
