using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Meters;
using Millrace.Streams.Status;

namespace Millrace.Cli.Supervision;

/// <summary>Asks the supervisor of a data directory.</summary>
static class ControlClient
{
    /// <summary>Between two looks at a supervisor that does not answer.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>For a supervisor that is stopped or stuck: whoever asks what it saw shows the rest.</summary>
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Returns when the supervisor has stopped the stand, or is gone. One that ends this very moment listens no more: it gets the time it
    /// needs.
    /// </summary>
    /// <param name="onChange">Is told of every change of a service meanwhile.</param>
    public static async Task StopAsync(StandPaths paths, StandState stand, Action<ServiceStatus> onChange, CancellationToken cancellation)
    {
        do
        {
            try
            {
                await AskAsync(paths, stand, new ControlRequest(ControlRequest.Down), onChange, cancellation);
                return;
            }
            catch (CliException e) when (e.ExitCode == ExitCodes.NotRunning)
            {
                // Gone or about to go, unless it is asked again.
            }
        }
        while (!await stand.Supervisor.GoneWithinAsync(Pause, cancellation));
    }

    /// <summary>Returns when the supervisor has done it.</summary>
    /// <param name="onChange">Is told of every change of a service meanwhile.</param>
    /// <returns>What it answered in the end.</returns>
    /// <exception cref="CliException">No supervisor answers, or it refuses.</exception>
    public static async Task<ControlAnswer> AskAsync(
        StandPaths paths, StandState stand, ControlRequest request, Action<ServiceStatus> onChange, CancellationToken cancellation)
    {
        try
        {
            await foreach (var answer in AnswersAsync(paths, stand, request, cancellation))
            {
                if (answer.Error is { } error) throw new CliException(ExitCodes.Failed, error);
                if (answer.Service is not { } service) return answer;
                onChange(service);
            }
            throw new IOException("it closed the connection");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new CliException(ExitCodes.NotRunning, $"The supervisor of {paths.Data} does not answer ({e.Message}): see  {Self.Command} ps", e);
        }
    }

    /// <summary>What the supervisor saw last.</summary>
    /// <returns>null where it has not looked yet, or does not answer: an older one knows no such question.</returns>
    public static async Task<StatusDocument?> StatusAsync(StandPaths paths, StandState stand, CancellationToken cancellation) =>
        (await TryAskAsync(paths, stand, new ControlRequest(ControlRequest.Status), cancellation))?.Status;

    /// <summary>What the services last measured of themselves.</summary>
    /// <returns>Empty where the supervisor does not answer: an older one knows no such question.</returns>
    public static async Task<IReadOnlyList<ServiceReadings>> ReadMetersAsync(
        StandPaths paths, StandState stand, CancellationToken cancellation) =>
        (await TryAskAsync(paths, stand, new ControlRequest(ControlRequest.Meters), cancellation))?.Readings ?? [];

    /// <returns>The first answer that tells of no service that changes; null where there is none in time.</returns>
    static async Task<ControlAnswer?> TryAskAsync(
        StandPaths paths, StandState stand, ControlRequest request, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(AnswerLimit);
        try
        {
            await foreach (var answer in AnswersAsync(paths, stand, request, late.Token))
                if (answer.Service is null) return answer;
        }
        catch (Exception e) when (e is SocketException or IOException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // The rest of the answer is there all the same.
        }
        return null;
    }

    /// <summary>Every status document that comes after those that are known, until the supervisor ends.</summary>
    /// <param name="feed">Of the last document that is known; null for none.</param>
    /// <param name="after">Its number.</param>
    /// <exception cref="SocketException">No supervisor answers.</exception>
    /// <exception cref="IOException">It went away.</exception>
    public static async IAsyncEnumerable<StatusDocument> WatchAsync(
        StandPaths paths, StandState stand, string? feed, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ControlRequest(ControlRequest.Watch) { Feed = feed, After = after };
        await foreach (var answer in AnswersAsync(paths, stand, request, cancellation))
            if (answer.Status is { } document) yield return document;
    }

    static async IAsyncEnumerable<ControlAnswer> AnswersAsync(
        StandPaths paths, StandState stand, ControlRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(ControlSocket.EndPointOf(paths, stand), cancellation);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(request + "\n"), cancellation);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(cancellation) is { } line)
            if (Parse(line) is { } answer) yield return answer;
    }

    /// <exception cref="IOException">The line is no answer: the supervisor went away in the midst of it.</exception>
    static ControlAnswer? Parse(string line)
    {
        try { return ControlAnswer.Parse(line); }
        catch (JsonException e) { throw new IOException("its answer is cut off", e); }
    }
}
