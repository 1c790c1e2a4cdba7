using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>What users get wrong, and commands without a stand.</summary>
public sealed class CommandLineTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    string Data => _directory.Sub("data");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("bogus", "'bogus'")]
    [InlineData("up --kafka-port 70000", "--kafka-port takes a port")]
    [InlineData("up --listen nowhere", "--listen takes an IP address")]
    [InlineData("up --rate fast", "--rate is 'fast'; it must be a whole number")]
    [InlineData("up --acks 2", "--acks is '2'; it must be one of all, -1, 1, 0")]
    [InlineData("ps --output xml", "--output takes table or json, of plan also sql and of check also junit, not 'xml'")]
    [InlineData("logs nosuch", "'nosuch'")]
    [InlineData("restart nosuch", "'nosuch'")]
    [InlineData("topics --kafka nonsense", "--kafka takes HOST:PORT")]
    [InlineData("sql --clickhouse nonsense", "--clickhouse takes the URL")]
    public async Task A_wrong_command_line_is_told_in_one_sentence(string commandLine, string sentence)
    {
        var refused = (await RunAsync(commandLine.Split(' '))).Expect(2);
        Assert.Equal("", refused.Output);
        Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Without_a_stand_ps_and_restart_say_how_to_start_one()
    {
        foreach (var command in (string[][])[["ps"], ["restart", "broker"]])
            Assert.Equal($"No stand is up on {Data}: start one with  {Launcher.Path} up\n", (await RunAsync(command)).Expect(3).Error);
        Assert.Equal("down", (await RunAsync("ps", "--output", "json")).Expect(3).Json.GetProperty("phase").GetString());
        (await RunAsync("down")).Expect(0);
    }

    [Fact]
    public async Task A_busy_port_is_named_with_the_process_that_holds_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var refused = (await RunAsync("up", "--kafka-port", $"{port}", "--clickhouse-port", "0", "--page-port", "0")).Expect(4);
        Assert.Contains($"Port {port} for the service broker is held by", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"(pid {Environment.ProcessId})", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_refused_in_one_sentence()
    {
        var refused = (await RunAsync("up", "--listen", "192.0.2.1", "--insecure")).Expect(4);
        Assert.StartsWith("No server can listen on 192.0.2.1 (", refused.Error.TrimEnd('\n').Split('\n')[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<&-", true)]
    [InlineData(">&-", false)]
    [InlineData("2>&-", true)]
    public async Task A_command_with_a_closed_descriptor_does_its_work(string closed, bool isHeard)
    {
        // The launcher may have to build first, and says so.
        (await RunAsync("version")).Expect(0);
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{Launcher.Path} version {closed}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var command = Process.Start(start)!;
        var error = command.StandardError.ReadToEndAsync();
        var output = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        Assert.Equal((0, isHeard, ""), (command.ExitCode, output.Contains("millrace", StringComparison.Ordinal), await error));
    }

    [Fact]
    public async Task An_empty_data_variable_counts_as_none() =>
        Assert.DoesNotContain("defect", (await Launcher.RunAsync("", ["ps"])).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_is_named()
    {
        await File.WriteAllTextAsync(_directory.Sub("file"), "");
        var refused = (await RunAsync("up", "-d", "--data", _directory.Sub("file/data"))).Expect(4);
        Assert.Contains(_directory.Sub("file/data"), refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_stream_definition_fails_the_start_in_one_sentence_and_leaves_nothing_running()
    {
        Directory.CreateDirectory(_directory.Sub("streams"));
        await File.WriteAllTextAsync(_directory.Sub("streams/broken.yaml"), "nonsense: 1\n");
        var refused = (await RunAsync(
            "up", "-d", "--kafka-port", "0", "--clickhouse-port", "0", "--page-port", "0", "--streams", _directory.Sub("streams"))).Expect(2);
        Assert.Contains("broken.yaml", refused.Error, StringComparison.Ordinal);
        (await RunAsync("ps")).Expect(3);
    }

    [Fact]
    public async Task Ctrl_C_stops_a_stand_in_the_foreground_at_any_moment()
    {
        foreach (var until in new[] { "broker: starting", "clickhouse: running", "emitter: running" })
        {
            using var up = Launcher.Start(Data, ["up", "--kafka-port", "0", "--clickhouse-port", "0", "--page-port", "0"]);
            await ReadUntilAsync(up.StandardOutput, until);
            await Launcher.SignalAsync(up.Id, "INT");
            using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            await up.WaitForExitAsync(late.Token);
            Assert.Equal(130, up.ExitCode);
            (await RunAsync("ps")).Expect(3);
        }
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 0)]
    public async Task A_part_that_runs_alone_tells_Ctrl_C_from_an_ordinary_stop(string signal, int exitCode)
    {
        using var broker = Launcher.Start(Data, ["run", "broker", "--kafka-port", "0"]);
        await ReadUntilAsync(broker.StandardError, "info Broker: broker listens");
        await Launcher.SignalAsync(broker.Id, signal);
        await broker.WaitForExitAsync();
        Assert.Equal(exitCode, broker.ExitCode);
    }

    [Fact]
    public async Task Down_with_volumes_leaves_nothing_behind()
    {
        await using var stand = new Stand();
        await stand.UpAsync();
        Assert.NotEmpty(Directory.GetFileSystemEntries(stand.Data));
        var down = (await stand.RunAsync("down", "-v")).Expect(0);
        Assert.Equal($"page: stopped\nemitter: stopped\nclickhouse: stopped\nbroker: stopped\ndata: wiped from {stand.Data}\n", down.Output);
        Assert.False(Directory.Exists(stand.Data));
    }

    /// <summary>Nobody could find it any more to stop it. `git clean -xdf` does the same.</summary>
    [Fact]
    public async Task A_stand_whose_data_directory_is_deleted_says_so_and_stops_in_order()
    {
        using var up = Launcher.Start(Data, ["up", "--kafka-port", "0", "--clickhouse-port", "0", "--page-port", "0"]);
        // The page starts last.
        await ReadUntilAsync(up.StandardOutput, "page: running");
        var state = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Data, "state.json"))).RootElement;
        var services = state.GetProperty("services").EnumerateArray().Select(service => service.GetProperty("process"))
            .Where(process => process.ValueKind == JsonValueKind.Object).Select(process => process.GetProperty("pid").GetInt32()).ToList();
        // What the stand writes meanwhile may come in between.
        await Eventually.Holds(() => { Directory.Delete(Data, recursive: true); return true; }, "the data directory is deleted");
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var output = await up.StandardOutput.ReadToEndAsync(late.Token);
        await up.WaitForExitAsync(late.Token);
        Assert.Equal(1, up.ExitCode);
        var stopped = output.Split('\n').Where(line => line.EndsWith(": stopped", StringComparison.Ordinal)).Select(WithoutTime);
        Assert.Equal(["page: stopped", "emitter: stopped", "clickhouse: stopped", "broker: stopped"], stopped);
        var lastWords = (await up.StandardError.ReadToEndAsync()).TrimEnd('\n').Split('\n')[^1];
        Assert.StartsWith($"Somebody deleted {Data} under the stand, which is down now", lastWords, StringComparison.Ordinal);
        Assert.Equal(4, services.Count);
        Assert.All(services, pid => Assert.True(Launcher.HasEnded(pid)));
    }

    [Fact]
    public async Task A_stand_whose_data_path_is_too_long_for_a_socket_is_taken_down_from_a_shell_with_another_TMPDIR()
    {
        var data = _directory.Sub(new string('x', 100));
        (await Launcher.RunAsync(data, ["up", "-d", "--kafka-port", "0", "--clickhouse-port", "0", "--page-port", "0"])).Expect(0);
        var temporary = Directory.CreateDirectory(_directory.Sub("tmp")).FullName;
        using var down = Process.Start("env", [$"TMPDIR={temporary}", Launcher.Path, "down", "-v", "--data", data]);
        await down.WaitForExitAsync();
        Assert.Equal(0, down.ExitCode);
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task A_stand_that_finds_no_place_for_its_socket_says_so_in_one_sentence()
    {
        // Too long for a socket, as there is no file system without sockets here.
        var data = _directory.Sub(new string('x', 100));
        var nowhere = _directory.Sub("nowhere");
        string[] arguments = [$"TMPDIR={nowhere}", Launcher.Path, "up", "--kafka-port", "0", "--clickhouse-port", "0", "--page-port", "0", "--data", data];
        using var up = Process.Start(new ProcessStartInfo("env", arguments) { RedirectStandardError = true })!;
        var error = await up.StandardError.ReadToEndAsync();
        await up.WaitForExitAsync();
        Assert.Equal(4, up.ExitCode);
        var sentence = Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains($"neither {data}/control.sock nor a file in {nowhere}/ can be a socket", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_supervisor_that_was_out_of_descriptors_for_a_moment_still_answers()
    {
        await using var stand = new Stand();
        await stand.UpAsync();
        var state = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(stand.Data, "state.json"))).RootElement;
        var supervisor = state.GetProperty("supervisor").GetProperty("pid").GetInt32();
        await stand.RunningAsync("page");
        using var refused = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        // For a moment only: .NET makes no thread without descriptors, and ends the process when it wants one.
        await LimitDescriptorsAsync(supervisor, "10");
        await refused.ConnectAsync(new UnixDomainSocketEndPoint(state.GetProperty("socket").GetString()!));
        await LimitDescriptorsAsync(supervisor, "1024");
        Assert.Equal("page: stopped\nemitter: stopped\nclickhouse: stopped\nbroker: stopped\n", (await stand.RunAsync("down")).Expect(0).Output);
    }

    [Fact]
    public async Task Up_prints_the_same_JSON_for_a_stand_that_is_up_already()
    {
        await using var stand = new Stand();
        var first = await stand.UpAsync();
        Assert.Equal($"{first.GetProperty("kafka")}", $"{(await stand.UpAsync()).GetProperty("kafka")}");
    }

    [Fact]
    public async Task Down_prints_a_line_of_JSON_for_each_service_that_stopped_and_one_for_the_data()
    {
        await using var stand = new Stand();
        await stand.UpAsync();
        var down = (await stand.RunAsync("down", "-v", "--output", "json")).Expect(0);
        var lines = down.Output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            ["page stopped", "emitter stopped", "clickhouse stopped", "broker stopped"],
            lines[..^1].Select(line => $"{line.GetProperty("name")} {line.GetProperty("state")}"));
        Assert.Equal((stand.Data, true), (lines[^1].GetProperty("data").GetString(), lines[^1].GetProperty("wiped").GetBoolean()));
    }

    [Fact]
    public async Task The_launcher_works_from_any_folder_and_through_a_link()
    {
        var link = _directory.Sub("link");
        File.CreateSymbolicLink(link, Path.Combine(Repository.Root, "millrace"));
        using var process = Process.Start(
            new ProcessStartInfo(link, ["version"]) { WorkingDirectory = "/", RedirectStandardOutput = true })!;
        Assert.StartsWith("millrace ", await process.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>`stty tostop`: the kernel stops a background process that writes to its terminal. script(1) makes the terminal.</summary>
    [Fact]
    public async Task A_command_in_the_background_that_writes_to_a_file_leaves_the_terminal_alone()
    {
        // The launcher may have to build first, and says so on the terminal.
        (await RunAsync("version")).Expect(0);
        var shell = $"bash -c 'set -m; stty tostop; {Launcher.Path} version > {_directory.Sub("out")} & wait %1'";
        using var process = StartInTerminal(["-qec", shell, "/dev/null"]);
        var terminal = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.DoesNotContain('\e', terminal);
        Assert.StartsWith("millrace ", await File.ReadAllTextAsync(_directory.Sub("out")), StringComparison.Ordinal);
    }

    /// <summary>Without script(1) its terminal is gone: SIGHUP, and EIO for whoever writes to it.</summary>
    [Fact]
    public async Task A_stand_in_the_foreground_whose_terminal_is_closed_stops_in_order()
    {
        string[] arguments = ["-qec", $"{Launcher.Path} up --kafka-port 0 --clickhouse-port 0 --page-port 0", "/dev/null"];
        using var terminal = StartInTerminal(arguments);
        _ = terminal.StandardOutput.ReadToEndAsync();
        var running = await Eventually.Gives(
            () => RunAsync("ps", "--output", "json"), ps => ps.Output.Contains("\"phase\":\"running\"", StringComparison.Ordinal),
            "the stand runs", TimeSpan.FromMinutes(2));
        await Launcher.SignalAsync(terminal.Id, "KILL");
        await Eventually.Holds(
            () => !File.Exists(Path.Combine(Data, "state.json")), "the state file is gone, as after an ordered stop",
            TimeSpan.FromMinutes(1));
        var pids = running.Json.GetProperty("services").EnumerateArray().Select(service => service.GetProperty("pid"));
        foreach (var pid in pids.Where(pid => pid.ValueKind == JsonValueKind.Number)) Assert.True(Launcher.HasEnded(pid.GetInt32()));
    }

    /// <summary>A shell in the terminal sends a SIGHUP of its own beside the kernel's.</summary>
    [Fact]
    public async Task A_stand_that_is_hung_up_twice_stops_in_order()
    {
        using var up = Launcher.Start(Data, ["up", "--output", "json", "--kafka-port", "0", "--clickhouse-port", "0", "--page-port", "0"]);
        await ReadUntilAsync(up.StandardOutput, """{"name":"emitter","state":"running",""");
        await Launcher.SignalAsync(up.Id, "HUP");
        // The emitter is the first to stop: ClickHouse and the broker are still to come.
        var first = await ReadUntilAsync(up.StandardOutput, """{"name":"emitter","state":"stopped",""");
        await Launcher.SignalAsync(up.Id, "HUP");
        var output = first + "\n" + await up.StandardOutput.ReadToEndAsync();
        var stopped = output.Split('\n').Where(line => line.Contains("\"state\":\"stopped\"", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(service => $"{service.GetProperty("name")}: {service.GetProperty("last_exit")}");
        Assert.Equal(["emitter: exit code 0", "clickhouse: exit code 0", "broker: exit code 0"], stopped);
    }

    static async Task LimitDescriptorsAsync(int pid, string soft)
    {
        using var prlimit = Process.Start("prlimit", [$"--pid={pid}", $"--nofile={soft}:"]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }

    /// <summary>A command on a terminal that script(1) makes.</summary>
    Process StartInTerminal(string[] arguments)
    {
        var start = new ProcessStartInfo("script", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["MILLRACE_DATA"] = Data;
        start.Environment["TERM"] = "xterm";
        return Process.Start(start)!;
    }

    /// <summary>The time is in front of each line of an `up` without a terminal.</summary>
    static string WithoutTime(string line) => line["2026-11-22T18:00:00Z ".Length..];

    /// <returns>The line that contains <paramref name="wanted"/>.</returns>
    static async Task<string> ReadUntilAsync(StreamReader reader, string wanted)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await reader.ReadLineAsync(late.Token) is { } line)
            if (line.Contains(wanted, StringComparison.Ordinal)) return line;
        throw new EndOfStreamException($"the output ended before '{wanted}'");
    }

    Task<CommandResult> RunAsync(params string[] arguments) => Launcher.RunAsync(Data, arguments);
}
