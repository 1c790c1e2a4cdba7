using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Http;

/// <summary>Queries by GET and POST. Thread-safe.</summary>
sealed class QueryEndpoint(Engine engine, ClickHouseOptions options, RunningQueries running, ILogger logger)
{
    /// <summary>A result up to here is held back until the query is over, so that its error still finds the status line: DBMS_DEFAULT_BUFFER_SIZE, as in ClickHouse.</summary>
    const int HeldBackBytes = 1 << 20;

    public async Task Handle(HttpContext context)
    {
        var queryId = QueryRequest.ReadQueryId(context.Request);
        var response = new QueryResponse(context, engine, queryId);
        try
        {
            Authentication.Check(context.Request, options.Password);
            var request = QueryRequest.Read(context.Request) with { QueryId = queryId };
            using var slot = running.Enter(queryId);
            await Run(context, request, response);
        }
        catch (ClickHouseException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            if (context.Response.HasStarted) logger.FailedMidStream(queryId, e.Message);
            else logger.QueryFailed(queryId, e.Message);
            await response.Fail(e);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is ClickHouseException or OperationCanceledException or IOException)
        {
            logger.Cancelled(queryId);
        }
    }

    async Task Run(HttpContext context, QueryRequest request, QueryResponse response)
    {
        var ct = context.RequestAborted;
        var query = new Query(engine, request);
        var input = await QueryInput.Read(request.Query, RequestBody.Open(context.Request, request), ct);
        if (input.FindInsert() is { } insert)
        {
            var result = await StoppedWith(ct, query, query.Run(insert, input, ct));
            response.WriteHeaders(request.DefaultFormat, result.Statistics);
            return;
        }
        var statement = input.Parse();
        if (statement.IsSelect) await Select(context, request, response, query, statement);
        else await Command(context, request, response, query, statement);
    }

    async Task Command(HttpContext context, QueryRequest request, QueryResponse response, Query query, StatementText statement)
    {
        var result = await StoppedWith(context.RequestAborted, query, query.Run(statement, pipe: null));
        response.WriteHeaders(statement.Format ?? request.DefaultFormat, result.Statistics);
        await using var body = ResponseBody.Open(context, request);
        await body.WriteAsync(result.Data, context.RequestAborted);
    }

    async Task Select(HttpContext context, QueryRequest request, QueryResponse response, Query query, StatementText statement)
    {
        using var pipe = new ResultPipe();
        var carrying = pipe.Carry();
        var result = query.Run(statement, pipe);
        try
        {
            await SendResult(context, request, response, statement.Format ?? request.DefaultFormat, pipe.Reader, result);
        }
        finally
        {
            // A reader that is done lets the pipe discard what the engine still writes, so that it can come to its end.
            await pipe.Reader.CompleteAsync();
            if (!result.IsCompleted) await query.Stop(result);
            await carrying;
        }
    }

    static async Task SendResult(HttpContext context, QueryRequest request, QueryResponse response, string format, PipeReader reader, Task<EngineResult> result)
    {
        var ct = context.RequestAborted;
        if (request.WaitsForEnd)
        {
            await using var held = new FileBufferingWriteStream(HeldBackBytes);
            await reader.CopyToAsync(held, ct);
            response.WriteHeaders(format, (await result).Statistics);
            await using var whole = ResponseBody.Open(context, request);
            await held.DrainBufferAsync(whole, ct);
            return;
        }
        var first = await reader.ReadAtLeastAsync(HeldBackBytes, ct);
        var statistics = first.IsCompleted ? (await result).Statistics : default;
        response.WriteHeaders(format, statistics);
        await using var body = ResponseBody.Open(context, request);
        foreach (var part in first.Buffer) await body.WriteAsync(part, ct);
        reader.AdvanceTo(first.Buffer.End);
        await reader.CopyToAsync(body, ct);
        await body.FlushAsync(ct);
        await result;
    }

    /// <summary>Waits for the query; a connection closed meanwhile stops it.</summary>
    static async Task<EngineResult> StoppedWith(CancellationToken ct, Query query, Task<EngineResult> result)
    {
        var closed = new TaskCompletionSource();
        await using var registration = ct.UnsafeRegister(_ => closed.TrySetResult(), null);
        if (await Task.WhenAny(result, closed.Task) != result) await query.Stop(result);
        return await result;
    }
}
