using System.Net;
using System.Net.Sockets;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>Stands whose ClickHouse takes connections and never answers: their start goes on until somebody ends it.</summary>
public sealed class UnfriendlyStartTests : IDisposable
{
    static readonly string[] FreePorts = ["--kafka-port", "0", "--page-port", "0"];

    readonly TemporaryDirectory _directory = new();
    readonly TcpListener _deaf = new(IPAddress.Loopback, 0);

    public UnfriendlyStartTests() => _deaf.Start();

    string Data => _directory.Sub("data");

    public void Dispose()
    {
        _deaf.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("up")]
    [InlineData("up -d")]
    public async Task A_password_shows_in_no_command_line_state_or_log(string command)
    {
        using var up = Start(command, "me:s%33cret@");
        var setup = await SetupProcessAsync();
        foreach (var pid in new[] { up.Id, setup })
        {
            Assert.DoesNotContain("cret", await File.ReadAllTextAsync($"/proc/{pid}/cmdline"), StringComparison.Ordinal);
            Assert.Contains("=s3cret\0", await File.ReadAllTextAsync($"/proc/{pid}/environ"), StringComparison.Ordinal);
        }
        await AssertNoFileShowsAsync("cret");
        (await RunAsync("down")).Expect(0);
        await up.WaitForExitAsync();
    }

    [Fact]
    public async Task A_password_in_the_URL_of_a_profile_shows_in_no_command_line_state_or_log()
    {
        var profile = _directory.Sub("profile.yaml");
        await File.WriteAllTextAsync(profile, $"clickhouse:\n  url: http://me:s%33cret@{_deaf.LocalEndpoint}/\n");
        using var up = Launcher.Start(Data, ["up", .. FreePorts, "--profile", profile]);
        foreach (var pid in new[] { up.Id, await SetupProcessAsync() })
            Assert.DoesNotContain("cret", await File.ReadAllTextAsync($"/proc/{pid}/cmdline"), StringComparison.Ordinal);
        await AssertNoFileShowsAsync("cret");
        (await RunAsync("down")).Expect(0);
        await up.WaitForExitAsync();
    }

    [Fact]
    public async Task Who_waits_for_a_stand_that_somebody_takes_down_is_told()
    {
        using var up = Start("up -d");
        await SetupProcessAsync();
        (await RunAsync("down")).Expect(0);
        await up.WaitForExitAsync();
        Assert.Equal(3, up.ExitCode);
        Assert.Contains("took the stand on", await up.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_while_a_detached_stand_starts_takes_it_down()
    {
        using var up = Start("up -d");
        await SetupProcessAsync();
        await Launcher.SignalAsync(up.Id, "INT");
        await up.WaitForExitAsync();
        Assert.Equal(130, up.ExitCode);
        (await RunAsync("ps")).Expect(3);
    }

    [Fact]
    public async Task A_detached_supervisor_that_has_no_chance_to_say_why_it_ended_is_told_with_its_log()
    {
        using var up = Start("up -d");
        await SetupProcessAsync();
        var state = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Data, "state.json"))).RootElement;
        await File.AppendAllTextAsync(Path.Combine(Data, "logs/supervisor.log"), "   at Some.Frame.Of(A stack)\n");
        await Launcher.SignalAsync(state.GetProperty("supervisor").GetProperty("pid").GetInt32(), "KILL");
        await up.WaitForExitAsync();
        var sentence = $"The supervisor of {Data} ended before the stand was ready (killed (SIGKILL)): "
            + $"see what it said in {Data}/logs/supervisor.log\n";
        Assert.Equal((4, sentence), (up.ExitCode, await up.StandardError.ReadToEndAsync()));
    }

    /// <summary>The log of a detached supervisor is one for all that start at once.</summary>
    [Fact]
    public async Task A_detached_start_leaves_another_that_begins_at_the_same_time_its_words()
    {
        var log = Path.Combine(Data, "logs/supervisor.log");
        await UpAndDownAsync();
        await File.WriteAllTextAsync(log, "the words of another\n");
        using var up = Start("up -d");
        await SetupProcessAsync();
        Assert.StartsWith("the words of another\n", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
        (await RunAsync("down")).Expect(0);
        await up.WaitForExitAsync();
    }

    /// <summary>Leaves a data directory behind.</summary>
    async Task UpAndDownAsync()
    {
        using var up = Start("up -d");
        await SetupProcessAsync();
        (await RunAsync("down")).Expect(0);
        await up.WaitForExitAsync();
    }

    async Task AssertNoFileShowsAsync(string secret)
    {
        var files = Directory.GetFiles(Data, "*", SearchOption.AllDirectories);
        foreach (var file in files.Where(file => Path.GetExtension(file) is ".json" or ".log"))
            Assert.DoesNotContain(secret, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    System.Diagnostics.Process Start(string command, string credentials = "") =>
        Launcher.Start(Data, [.. command.Split(' '), .. FreePorts, "--clickhouse", $"http://{credentials}{_deaf.LocalEndpoint}/"]);

    async Task<int> SetupProcessAsync()
    {
        const string starting = "\"setup\",\"state\":\"starting\"";
        var stand = await Eventually.Gives(
            () => RunAsync("ps", "--output", "json"), ps => ps.Output.Contains(starting, StringComparison.Ordinal), "setup starts");
        return stand.Json.GetProperty("services").EnumerateArray()
            .Single(service => service.GetProperty("name").GetString() == "setup").GetProperty("pid").GetInt32();
    }

    Task<CommandResult> RunAsync(params string[] arguments) => Launcher.RunAsync(Data, arguments);
}
