using System.Net.Sockets;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Storage;

namespace Millrace.Cli.Supervision;

/// <summary>
/// The Unix domain socket of a supervisor: in its data directory or, where none can lie, in a new folder of its own in the temporary one,
/// under a name that nobody could take before. The state file says where.
/// </summary>
sealed class ControlSocket : IDisposable
{
    const string Name = "control.sock";

    /// <summary>Of the folder in the temporary one; the rest is random.</summary>
    const string FolderPrefix = "millrace-";

    readonly DataDirectoryLock _dataLock;
    readonly bool _hasFolder;

    ControlSocket(Socket listener, string path, DataDirectoryLock dataLock, bool hasFolder) =>
        (Listener, Path, _dataLock, _hasFolder) = (listener, path, dataLock, hasFolder);

    public Socket Listener { get; }

    /// <summary>Where others connect.</summary>
    public string Path { get; }

    /// <param name="dataLock">Says whose the file is in the end; stays the caller's.</param>
    /// <exception cref="CliException">Neither folder takes a socket.</exception>
    public static ControlSocket Listen(StandPaths paths, DataDirectoryLock dataLock)
    {
        try
        {
            return new(Listen(paths.Socket), paths.Socket, dataLock, hasFolder: false);
        }
        catch (Exception e) when (IsNoPlaceForSockets(e))
        {
            return ListenElsewhere(paths, dataLock);
        }
    }

    /// <summary>Where a command connects.</summary>
    /// <exception cref="SocketException">Another user's socket is there: whatever it answered would be no supervisor's word.</exception>
    public static UnixDomainSocketEndPoint EndPointOf(StandPaths paths, StandState stand)
    {
        var path = stand.Socket ?? paths.Socket;
        return FileFacts.Of(path) is { Kind: FileKind.Socket, IsMine: false }
            ? throw new SocketException((int)SocketError.AccessDenied)
            : new UnixDomainSocketEndPoint(path);
    }

    /// <summary>
    /// Removes the socket in the temporary folder that a killed supervisor left behind. The one in the data directory is replaced, or goes
    /// with it.
    /// </summary>
    public static void RemoveLeftover(StandState? left)
    {
        if (left?.Socket is not { } path || FileFacts.Of(path) is not { Kind: FileKind.Socket, IsMine: true }) return;
        var folder = System.IO.Path.GetDirectoryName(path)!;
        var isAlone = System.IO.Path.GetFileName(folder).StartsWith(FolderPrefix, StringComparison.Ordinal);
        // The first release laid it into the temporary folder itself, under such a name.
        if (!isAlone && !System.IO.Path.GetFileName(path).StartsWith(FolderPrefix, StringComparison.Ordinal)) return;
        File.Delete(path);
        if (isAlone) RemoveFolder(folder);
    }

    public void Dispose()
    {
        Listener.Dispose();
        // In a data directory that was deleted and made anew it is the next supervisor's.
        if (_hasFolder || !_dataLock.IsLost) File.Delete(Path);
        if (_hasFolder) RemoveFolder(System.IO.Path.GetDirectoryName(Path)!);
    }

    static ControlSocket ListenElsewhere(StandPaths paths, DataDirectoryLock dataLock)
    {
        string? folder = null;
        try
        {
            folder = Directory.CreateTempSubdirectory(FolderPrefix).FullName;
            var path = System.IO.Path.Combine(folder, Name);
            return new(Listen(path), path, dataLock, hasFolder: true);
        }
        catch (Exception e) when (IsNoPlaceForSockets(e))
        {
            if (folder is not null) RemoveFolder(folder);
            throw new CliException(ExitCodes.CannotStart,
                $"Other commands could not reach the stand: neither {paths.Socket} nor a file in {System.IO.Path.GetTempPath()} "
                + "can be a socket. Name a folder on another disk with --data, or with TMPDIR.", e);
        }
    }

    /// <summary>One that holds more than the socket stays.</summary>
    static void RemoveFolder(string folder)
    {
        try { Directory.Delete(folder); }
        catch (IOException) { /* Not empty, or gone. */ }
    }

    /// <summary>
    /// A path of more than 107 bytes, to which .NET has an objection of its own; a file system without sockets; a folder that is missing
    /// or not ours.
    /// </summary>
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
