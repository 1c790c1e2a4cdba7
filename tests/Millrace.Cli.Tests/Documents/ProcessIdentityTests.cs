using System.Diagnostics;
using Millrace.Cli.Documents;

namespace Millrace.Cli.Tests.Documents;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void A_pid_that_another_process_has_now_is_not_alive() =>
        Assert.False((ProcessIdentity.Current with { StartTicks = ProcessIdentity.Current.StartTicks + 1 }).IsAlive);

    [Fact]
    public void This_process_lives_and_takes_memory()
    {
        Assert.True(ProcessIdentity.Current.IsAlive);
        Assert.InRange(ProcessIdentity.Current.ResidentBytes, 1_000_000, 100_000_000_000);
    }

    [Fact]
    public async Task A_killed_process_is_gone()
    {
        using var sleep = Process.Start("sleep", "1000");
        var identity = ProcessIdentity.Of(sleep.Id)!;
        Assert.False(await identity.GoneWithinAsync(TimeSpan.Zero, CancellationToken.None));
        identity.Kill();
        Assert.True(await identity.GoneWithinAsync(TimeSpan.FromSeconds(30), CancellationToken.None));
    }
}
