using System.Collections.Concurrent;
using System.Net.Sockets;
using Millrace.Cli.Documents;
using Millrace.Streams.Status;

namespace Millrace.Cli.Supervision;

/// <summary>
/// Answers on the supervisor's socket; each connection asks once and is answered once, after a line for each service that changes
/// meanwhile, or, where it watches, with every status document until it goes away.
/// Requests of several connections may run side by side.
/// </summary>
sealed class ControlServer : IAsyncDisposable
{
    /// <summary>Nobody keeps a stand from ending by not reading what he asked for.</summary>
    static readonly TimeSpan LastAnswersLimit = TimeSpan.FromSeconds(1);

    /// <summary>After a failed accept: descriptors come back as others close theirs.</summary>
    static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    readonly Socket _socket;
    readonly Func<ControlRequest, Task<ControlAnswer>> _handle;
    readonly StandBoard _board;
    readonly StatusHub _hub;
    readonly CancellationTokenSource _ending = new();
    readonly CancellationTokenSource _cut = new();
    readonly ConcurrentDictionary<Task, bool> _answering = new();
    readonly Task _accepting;
    volatile bool _disposed;

    /// <param name="socket">One that listens; from now on it is the server's.</param>
    public ControlServer(Socket socket, StandBoard board, StatusHub hub, Func<ControlRequest, Task<ControlAnswer>> handle)
    {
        (_socket, _board, _hub, _handle) = (socket, board, hub, handle);
        _accepting = AcceptAsync();
    }

    /// <summary>Answers that are due are given; who has asked nothing yet is left without.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        _socket.Dispose();
        await _accepting;
        await _ending.CancelAsync();
        await Task.WhenAll(_answering.Keys).WaitAsync(LastAnswersLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _cut.CancelAsync();
        await Task.WhenAll(_answering.Keys).WaitAsync(LastAnswersLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    async Task AcceptAsync()
    {
        while (await TryAcceptAsync() is { } accepted)
        {
            var answer = AnswerAsync(accepted);
            _answering[answer] = true;
            _ = answer.ContinueWith(done => _answering.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    /// <returns>null when the server is disposed.</returns>
    async Task<Socket?> TryAcceptAsync()
    {
        while (!_disposed)
        {
            try
            {
                return await _socket.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // EMFILE, ENFILE, ENOMEM: whoever connects waits meanwhile.
                if (!_disposed) await Task.Delay(AcceptPause);
            }
        }
        return null;
    }

    async Task AnswerAsync(Socket connection)
    {
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            using var reader = new StreamReader(stream);
            await using var writer = new StreamWriter(stream) { AutoFlush = true };
            if (await reader.ReadLineAsync(_ending.Token) is not { } line) return;
            await foreach (var answer in AnswersAsync(ControlRequest.Parse(line)))
                await writer.WriteLineAsync(answer.ToString().AsMemory(), _cut.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Whoever asked went away, or never asked.
        }
    }

    async IAsyncEnumerable<ControlAnswer> AnswersAsync(ControlRequest? request)
    {
        if (request is null)
        {
            yield return new ControlAnswer("That is no request this supervisor knows.");
            yield break;
        }
        if (request.Verb == ControlRequest.Watch)
        {
            await foreach (var document in WatchAsync(request)) yield return ControlAnswer.Done with { Status = document };
            yield break;
        }
        if (request.Verb == ControlRequest.Status)
        {
            yield return ControlAnswer.Done with { Status = _hub.Last };
            yield break;
        }
        using var watch = _board.Watch();
        var handled = _handle(request);
        _ = handled.ContinueWith(_ => watch.End(), TaskScheduler.Default);
        await foreach (var document in watch.ReadAllAsync(_cut.Token))
            if (document is { Cause: StandDocumentCause.Service, Service: { } service }) yield return new ControlAnswer(null, service);
        yield return await handled;
    }

    async IAsyncEnumerable<StatusDocument> WatchAsync(ControlRequest request)
    {
        using var subscription = _hub.Subscribe(request.Feed, request.After);
        foreach (var document in subscription.Past) yield return document;
        // Whoever goes away fails the next write; whoever stays is told until the stand ends.
        await foreach (var document in subscription.ReadAllAsync(_ending.Token)) yield return document;
    }
}
