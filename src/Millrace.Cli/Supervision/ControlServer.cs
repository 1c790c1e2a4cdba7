using System.Net.Sockets;

namespace Millrace.Cli.Supervision;

/// <summary>Listens on the supervisor's Unix domain socket; each connection asks once and is answered once. Requests of several connections may run side by side.</summary>
sealed class ControlServer : IAsyncDisposable
{
    readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly string _path;
    readonly Func<ControlRequest, Task<ControlAnswer>> _handle;
    readonly Task _accepting;

    public ControlServer(string path, Func<ControlRequest, Task<ControlAnswer>> handle)
    {
        (_path, _handle) = (path, handle);
        // What a killed supervisor left behind; the data directory's lock says that no other one lives.
        File.Delete(path);
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _socket.Listen();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _accepting;
        File.Delete(_path);
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true) _ = AnswerAsync(await _socket.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: the stand is down.
        }
    }

    async Task AnswerAsync(Socket connection)
    {
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            using var reader = new StreamReader(stream);
            if (await reader.ReadLineAsync() is not { } line) return;
            var answer = ControlRequest.Parse(line) is { } request ? await _handle(request) : new ControlAnswer("That is no request this supervisor knows.");
            await using var writer = new StreamWriter(stream);
            await writer.WriteLineAsync(answer.ToString());
        }
        catch (IOException)
        {
            // Whoever asked went away.
        }
    }
}
