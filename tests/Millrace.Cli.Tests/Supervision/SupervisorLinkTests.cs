using System.Net.Sockets;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Supervision;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Supervision;

/// <summary>The page asks a supervisor that is this test.</summary>
public sealed class SupervisorLinkTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly StandPaths _paths;

    public SupervisorLinkTests()
    {
        _paths = new StandPaths(_directory.Path, "/streams");
        new StateFile(_paths.State).Write(new StandState(
            ProcessIdentity.Current, StandPhase.Running, default, "127.0.0.1:1", new Uri("http://127.0.0.1:2/"), "/streams", []));
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("""{"error":null,"readings":[{"service":"bro""", 0)]
    [InlineData("""{"error":null,"readings":[{"service":"broker","readings":[]}]}""", 1)]
    [InlineData("", 0)]
    public async Task An_answer_that_is_cut_off_is_none(string answer, int services)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_paths.Socket));
        listener.Listen();
        var link = new SupervisorLink(_paths, []);
        var readings = link.ReadMetersAsync(CancellationToken.None);
        using (var asked = await listener.AcceptAsync())
        {
            // Closed with the question unread, the socket would be reset, and the answer lost.
            Assert.True(await asked.ReceiveAsync(new byte[1024]) > 0);
            await asked.SendAsync(System.Text.Encoding.UTF8.GetBytes(answer));
        }
        Assert.Equal(services, (await readings).Count);
    }
}
