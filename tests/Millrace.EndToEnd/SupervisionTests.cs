using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>The supervisor of the real stand while nobody reads what it prints, and when it is told to end in a hurry.</summary>
public sealed class SupervisionTests
{
    static readonly string[] Up = ["up", "--kafka-port", "0", "--clickhouse-port", "0", "--page-port", "0", "--rate", "10"];

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    public async Task A_stand_whose_output_nobody_reads_brings_services_back_and_goes_down_in_time(string format)
    {
        await using var stand = new Stand();
        using var up = StartUnread(stand.Data, [Launcher.Path, .. Up, "-o", format]);
        await stand.UntilUpAsync();
        var supervisor = stand.SupervisorPid;
        await stand.KillAsync("broker");
        await Eventually.Holds(
            async () => (await stand.ServiceAsync("broker")).GetProperty("restarts").GetInt32() == 1, "the broker comes back");
        await stand.RunningAsync("broker");

        var started = Stopwatch.GetTimestamp();
        (await stand.RunAsync("down")).Expect(0);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.True(Launcher.HasEnded(supervisor));
        stand.AssertLeftNothing();
        up.StandardInput.Close();
        await up.WaitForExitAsync();
    }

    [Theory]
    [InlineData("INT", "INT", 130)]
    [InlineData("TERM", "INT", 130)]
    [InlineData("HUP", "TERM", 0)]
    public async Task A_second_signal_ends_the_stand_at_once_and_starts_nothing(string first, string second, int exitCode)
    {
        await using var stand = new Stand();
        using var up = Launcher.Start(stand.Data, Up);
        await stand.UntilUpAsync();
        await Launcher.SignalAsync(up.Id, first);
        await Launcher.SignalAsync(up.Id, second);
        await up.WaitForExitAsync();
        Assert.Equal(exitCode, up.ExitCode);
        stand.AssertLeftNothing();
        var output = await up.StandardOutput.ReadToEndAsync();
        Assert.Single(output.Split('\n'), line => line.EndsWith(" broker: starting", StringComparison.Ordinal));
        Assert.Single(output.Split('\n'), line => line.EndsWith(" clickhouse: starting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mistake_in_the_definitions_of_a_running_stand_fails_a_restart_and_nothing_else()
    {
        await using var stand = new Stand();
        using var streams = Repository.StreamsToEdit();
        await stand.UpAsync("--rate", "10", "--streams", streams.Path);
        var mended = await File.ReadAllTextAsync(streams.Sub("orders.yaml"));
        await File.WriteAllTextAsync(streams.Sub("orders.yaml"), mended + "\nnonsense: 1\n");

        var refused = (await stand.RunAsync("restart", "emitter")).Expect(1);
        Assert.Contains("orders.yaml", refused.Error, StringComparison.Ordinal);
        Assert.Equal(("running", "failed"), (await stand.StateOfAsync("broker"), await stand.StateOfAsync("emitter")));
        var reason = (await stand.ServiceAsync("emitter")).GetProperty("last_exit").GetString()!;
        Assert.StartsWith("exit code 2: ", reason, StringComparison.Ordinal);
        Assert.Contains("orders.yaml", reason, StringComparison.Ordinal);

        await File.WriteAllTextAsync(streams.Sub("orders.yaml"), mended);
        (await stand.RunAsync("restart", "emitter")).Expect(0);
        Assert.Equal("running", await stand.StateOfAsync("emitter"));
    }

    [Fact]
    public async Task Services_that_hang_are_restarted_and_ps_says_so()
    {
        string[] services = ["broker", "clickhouse", "emitter"];
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "10");
        var hung = new List<int>();
        foreach (var service in services) hung.Add((await stand.ServiceAsync(service)).GetProperty("pid").GetInt32());
        foreach (var pid in hung) await Launcher.SignalAsync(pid, "STOP");
        foreach (var service in services)
        {
            await Eventually.Holds(async () => await HasComeBackAsync(service), $"{service} is restarted", TimeSpan.FromMinutes(3));
            var lastExit = (await stand.ServiceAsync(service)).GetProperty("last_exit").GetString();
            Assert.StartsWith("no answer for ", lastExit, StringComparison.Ordinal);
        }
        Assert.All(hung, pid => Assert.True(Launcher.HasEnded(pid)));

        async Task<bool> HasComeBackAsync(string name)
        {
            var service = await stand.ServiceAsync(name);
            return service.GetProperty("restarts").GetInt32() == 1 && service.GetProperty("state").GetString() == "running";
        }
    }

    /// <summary>
    /// Starts a command with a stdout that is full from the first byte on and that nobody reads, until the process's stdin is closed.
    /// </summary>
    static Process StartUnread(string data, string[] command)
    {
        const string script = """exec 3<&0; (head -c 65536 /dev/zero; exec "$@" </dev/null 3<&-) | (cat <&3 >/dev/null; true)""";
        var start = new ProcessStartInfo("/bin/sh", ["-c", script, "sh", .. command]) { RedirectStandardInput = true };
        start.Environment["MILLRACE_DATA"] = data;
        return Process.Start(start)!;
    }
}

/// <summary>What these tests ask of a stand.</summary>
static class SupervisedStand
{
    extension(Stand stand)
    {
        JsonElement State => JsonDocument.Parse(File.ReadAllText(Path.Combine(stand.Data, "state.json"))).RootElement;

        public int SupervisorPid => stand.State.GetProperty("supervisor").GetProperty("pid").GetInt32();

        public Task UntilUpAsync() => Eventually.Holds(
            () => stand.State.GetProperty("phase").GetString() == "Running", "the stand is up", TimeSpan.FromMinutes(5));

        /// <summary>No process of the stand lives, and nobody would take it for one that is up.</summary>
        public void AssertLeftNothing()
        {
            Assert.False(File.Exists(Path.Combine(stand.Data, "state.json")));
            Assert.False(File.Exists(Path.Combine(stand.Data, "control.sock")));
            Assert.DoesNotContain(Directory.GetDirectories("/proc"), process => IsOf(stand, process));
        }
    }

    static bool IsOf(Stand stand, string process)
    {
        try
        {
            return int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var pid) && !Launcher.HasEnded(pid)
                && File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0').Contains(stand.Data);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
