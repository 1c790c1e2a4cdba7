using System.Net.Sockets;

namespace Millrace.Cli.Supervision;

/// <summary>The Unix domain socket of a supervisor: in its data directory or, where none can lie, in the temporary folder. The state file says where.</summary>
static class ControlSocket
{
    /// <exception cref="CliException">Neither folder takes a socket.</exception>
    public static Socket Listen(StandPaths paths)
    {
        try
        {
            return Listen(paths.Socket);
        }
        catch (Exception e) when (IsNoPlaceForSockets(e))
        {
            return ListenElsewhere(paths);
        }
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
        var endPoint = new UnixDomainSocketEndPoint(path);
        // What a killed supervisor left behind; the data directory's lock says that no other one lives.
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endPoint);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
