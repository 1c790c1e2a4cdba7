using System.Diagnostics;
using System.Net.Sockets;
using Millrace.Cli.Basics;
using Millrace.Cli.Commands;
using Millrace.Cli.Documents;
using Millrace.Cli.Supervision;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Supervision;

public sealed class ControlSocketTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_socket_lies_in_the_data_directory()
    {
        var paths = new StandPaths(_directory.Path, "/streams");
        using var dataLock = DataDirectoryLock.TryTake(paths)!;
        using (var socket = ControlSocket.Listen(paths, dataLock))
            Assert.Equal((_directory.Sub("control.sock"), true), (socket.Path, File.Exists(socket.Path)));
        Assert.False(File.Exists(paths.Socket));
    }

    [Fact]
    public void A_data_path_too_long_for_a_socket_gets_one_in_the_temporary_folder()
    {
        List<string> folders = [];
        foreach (var letter in "xy")
        {
            var paths = new StandPaths(_directory.Sub(new string(letter, 100)), "/streams");
            using var dataLock = DataDirectoryLock.TryTake(paths)!;
            using var socket = ControlSocket.Listen(paths, dataLock);
            folders.Add(Path.GetDirectoryName(socket.Path)!);
            Assert.StartsWith(Path.Combine(Path.GetTempPath(), "millrace-"), socket.Path, StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folders[^1]));
        }
        Assert.NotEqual(folders[0], folders[1]);
        Assert.DoesNotContain(folders, Directory.Exists);
    }

    [Fact]
    public void The_socket_that_a_killed_supervisor_left_in_the_temporary_folder_goes_with_its_folder_and_nothing_else_does()
    {
        var folder = Directory.CreateTempSubdirectory("millrace-").FullName;
        var (path, note) = (Path.Combine(folder, "control.sock"), _directory.Sub("millrace-note.sock"));
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(path + "x"));
            File.Move(path + "x", path);
        }
        ControlSocket.RemoveLeftover(StandWith(path));
        Assert.False(Directory.Exists(folder));
        File.WriteAllText(note, "no socket");
        ControlSocket.RemoveLeftover(StandWith(note));
        Assert.True(File.Exists(note));
    }

    static StandState StandWith(string socket, ProcessIdentity? supervisor = null) =>
        new(supervisor ?? new(1, -1), StandPhase.Stopping, default, "127.0.0.1:1", new Uri("http://127.0.0.1:2/"), "/streams", [])
        {
            Socket = socket,
        };

    /// <summary>What `down` meets when it comes as a stand begins: the lock is taken, and nobody says by whom.</summary>
    [Fact]
    public async Task Down_waits_for_a_supervisor_that_has_not_yet_said_that_it_is_there()
    {
        var paths = new StandPaths(_directory.Path, "/streams");
        using var supervisor = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using var dataLock = DataDirectoryLock.TryTake(paths)!;
        var down = MillraceCommand.Create().Parse(["down", "--data", paths.Data])
            .InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        Assert.False(down.IsCompleted);
        using var control = ControlSocket.Listen(paths, dataLock);
        using var socket = control.Listener;
        new StateFile(paths.State).Write(StandWith(control.Path, ProcessIdentity.Of(supervisor.Id)));
        var asked = socket.AcceptAsync();
        await await Task.WhenAny(down, asked);
        (await asked).Dispose();
        socket.Dispose();
        supervisor.StandardInput.Close();
        Assert.Equal(ExitCodes.Success, await down);
    }

    /// <summary>What `down` meets when it comes as a stand ends: a supervisor that closes the connection, and is gone a moment later.</summary>
    [Fact]
    public async Task Down_waits_for_a_supervisor_that_ends_and_answers_no_more()
    {
        var paths = new StandPaths(_directory.Path, "/streams");
        using var supervisor = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using var dataLock = DataDirectoryLock.TryTake(paths)!;
        using var control = ControlSocket.Listen(paths, dataLock);
        using var socket = control.Listener;
        new StateFile(paths.State).Write(StandWith(control.Path, ProcessIdentity.Of(supervisor.Id)));
        var down = MillraceCommand.Create().Parse(["down", "--data", paths.Data]).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        (await socket.AcceptAsync()).Dispose();
        var askedAgain = socket.AcceptAsync();
        await await Task.WhenAny(down, askedAgain);
        Assert.False(down.IsCompleted);
        (await askedAgain).Dispose();
        socket.Dispose();
        supervisor.StandardInput.Close();
        Assert.Equal(ExitCodes.Success, await down);
    }
}
