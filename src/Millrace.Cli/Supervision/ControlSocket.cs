using System.Net.Sockets;

namespace Millrace.Cli.Supervision;

/// <summary>The Unix domain socket of a supervisor: in its data directory or, where none can lie, in the temporary folder. The state file says where.</summary>
sealed class ControlSocket : IDisposable
{
    readonly DataDirectoryLock _dataLock;

    ControlSocket(Socket listener, string path, DataDirectoryLock dataLock) => (Listener, Path, _dataLock) = (listener, path, dataLock);

    public Socket Listener { get; }

    /// <summary>Where others connect.</summary>
    public string Path { get; }

    /// <param name="dataLock">Says whose the file is in the end; stays the caller's.</param>
    /// <exception cref="CliException">Neither folder takes a socket.</exception>
    public static ControlSocket Listen(StandPaths paths, DataDirectoryLock dataLock)
    {
        try
        {
            return new(Listen(paths.Socket), paths.Socket, dataLock);
        }
        catch (Exception e) when (IsNoPlaceForSockets(e))
        {
            return new(ListenElsewhere(paths), paths.TemporarySocket, dataLock);
        }
    }

    public void Dispose()
    {
        Listener.Dispose();
        // In a data directory that was deleted and made anew it is the next supervisor's.
        if (!_dataLock.IsLost) File.Delete(Path);
    }

    static Socket ListenElsewhere(StandPaths paths)
    {
        try
        {
            return Listen(paths.TemporarySocket);
        }
        catch (Exception e) when (IsNoPlaceForSockets(e))
        {
            throw new CliException(ExitCodes.CannotStart,
                $"Other commands could not reach the stand: neither {paths.Socket} nor {paths.TemporarySocket} can be a socket. Name a folder on another disk with --data, or with TMPDIR.", e);
        }
    }

    /// <summary>A path of more than 107 bytes, to which .NET has an objection of its own; a file system without sockets; a folder that is missing or not ours.</summary>
    static bool IsNoPlaceForSockets(Exception e) => e is ArgumentOutOfRangeException or SocketException or IOException or UnauthorizedAccessException;

    static Socket Listen(string path)
    {
        // .NET deletes the file that it has bound, whoever's it is by then: so not under that name. Of the same length, for which there is a limit.
        var bound = System.IO.Path.ChangeExtension(path, "bind");
        var endPoint = new UnixDomainSocketEndPoint(bound);
        File.Delete(bound);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endPoint);
            File.SetUnixFileMode(bound, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen();
            // Over what a killed supervisor left behind; the data directory's lock says that no other one lives.
            File.Move(bound, path, overwrite: true);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
