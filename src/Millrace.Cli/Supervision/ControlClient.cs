using System.Net.Sockets;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;

namespace Millrace.Cli.Supervision;

/// <summary>Asks the supervisor of a data directory.</summary>
static class ControlClient
{
    /// <summary>Between two looks at a supervisor that does not answer.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

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
    /// <exception cref="CliException">No supervisor answers, or it refuses.</exception>
    public static async Task AskAsync(
        StandPaths paths, StandState stand, ControlRequest request, Action<ServiceStatus> onChange, CancellationToken cancellation)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(ControlSocket.EndPointOf(paths, stand), cancellation);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(request + "\n"), cancellation);
            using var reader = new StreamReader(stream);
            while (await ReadAsync(reader, cancellation) is { Service: { } service }) onChange(service);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new CliException(ExitCodes.NotRunning, $"The supervisor of {paths.Data} does not answer ({e.Message}): see  {Self.Command} ps", e);
        }
    }

    static async Task<ControlAnswer?> ReadAsync(StreamReader reader, CancellationToken cancellation)
    {
        if (await reader.ReadLineAsync(cancellation) is not { } line) throw new IOException("it closed the connection");
        var answer = ControlAnswer.Parse(line);
        return answer?.Error is { } error ? throw new CliException(ExitCodes.Failed, error) : answer;
    }
}
