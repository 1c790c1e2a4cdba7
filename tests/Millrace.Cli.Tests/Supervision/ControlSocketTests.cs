using System.Diagnostics;
using System.Net.Sockets;
using Millrace.Cli.Commands;
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
        using (var socket = ControlSocket.Listen(paths, dataLock)) Assert.Equal((_directory.Sub("control.sock"), true), (socket.Path, File.Exists(socket.Path)));
        Assert.False(File.Exists(paths.Socket));
    }

    [Fact]
    public void A_data_path_too_long_for_a_socket_gets_one_in_the_temporary_folder()
    {
        foreach (var letter in "xy")
        {
            var paths = new StandPaths(_directory.Sub(new string(letter, 100)), "/streams");
            using var dataLock = DataDirectoryLock.TryTake(paths)!;
            using var socket = ControlSocket.Listen(paths, dataLock);
            Assert.Equal(paths.TemporarySocket, socket.Path);
        }
        Assert.NotEqual(new StandPaths(_directory.Sub("x"), "/streams").TemporarySocket, new StandPaths(_directory.Sub("y"), "/streams").TemporarySocket);
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
        new StateFile(paths.State).Write(new StandState(ProcessIdentity.Of(supervisor.Id)!, StandPhase.Stopping, default, "127.0.0.1:1", new Uri("http://127.0.0.1:2/"), "/streams", []) { Socket = control.Path });
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
