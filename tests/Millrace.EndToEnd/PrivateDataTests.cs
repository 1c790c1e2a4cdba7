using System.Diagnostics;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>Whose the data of a stand are.</summary>
public sealed class PrivateDataTests : IAsyncLifetime
{
    readonly Stand _stand = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _stand.DisposeAsync();

    [Fact]
    public async Task Under_any_umask_everything_in_the_data_directory_is_for_its_user_alone()
    {
        string[] up = [Launcher.Path, "up", "-d", "--kafka-port", "0", "--clickhouse-port", "0", "--page-port", "0", "--data", _stand.Data];
        await RunAsync("sh", ["-c", "umask 000; exec \"$@\"", "sh", .. up]);
        await Eventually.Holds(async () => await _stand.CountAsync("orders_table") > 0, "rows are there");
        (await _stand.RunAsync("down")).Expect(0);
        // ClickHouse's links have rights of their own that nobody looks at.
        var all = await RunAsync("find", _stand.Data, "-not", "-type", "l", "-printf", "%m %p\\n");
        Assert.Contains("/broker/", all, StringComparison.Ordinal);
        Assert.Contains("/clickhouse/", all, StringComparison.Ordinal);
        Assert.DoesNotContain(all.TrimEnd('\n').Split('\n'), line => !line.Split(' ')[0].EndsWith("00", StringComparison.Ordinal));
    }

    [RequiresFact(Prerequisite.Root)]
    public async Task Another_user_can_neither_read_the_data_nor_stop_the_stand()
    {
        await _stand.UpAsync("--events", "1");
        var state = Path.Combine(_stand.Data, "state.json");
        var attempt = $"cat '{state}' 2>/dev/null || flock -n '{_stand.Data}/supervisor.lock' true 2>/dev/null || echo refused";
        Assert.Equal("refused\n", await RunAsync("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", attempt));
    }

    /// <summary>The first release had the same layout and an empty lock file.</summary>
    [Fact]
    public async Task A_stand_of_the_first_release_goes_on_and_can_be_wiped()
    {
        // It had no page.
        string[] ports = ["--kafka-port", "0", "--clickhouse-port", "0", "--no-page"];
        await _stand.UpOnAsync(ports, "--events", "100");
        await Eventually.Holds(async () => await EventsAsync() == 100, "every event is stored");
        (await _stand.RunAsync("down")).Expect(0);
        var mark = Path.Combine(_stand.Data, "supervisor.lock");
        await File.WriteAllTextAsync(mark, "");
        await _stand.UpOnAsync(ports, "--events", "1");
        await Eventually.Holds(async () => await EventsAsync() == 101, "the new event is stored beside the old ones");
        (await _stand.RunAsync("down")).Expect(0);
        Assert.Contains("\nclickhouse\n", await File.ReadAllTextAsync(mark), StringComparison.Ordinal);
        await File.WriteAllTextAsync(mark, "");
        (await _stand.RunAsync("down", "-v")).Expect(0);
        Assert.False(Directory.Exists(_stand.Data));
    }

    async Task<long> EventsAsync() =>
        await _stand.CountAsync("clicks_table") + await _stand.CountAsync("views_table") + await _stand.CountAsync("orders_table");

    [Fact]
    public async Task While_ClickHouse_is_away_commands_say_what_it_is_doing_and_not_to_start_a_stand()
    {
        await _stand.UpAsync("--events", "1");
        var pid = (await _stand.ServiceAsync("clickhouse")).GetProperty("pid").GetInt32();
        await Launcher.SignalAsync(pid, "STOP");
        var asked = _stand.RunAsync("sql", "SELECT 1");
        await Launcher.SignalAsync(pid, "KILL");
        var answer = await asked;
        // It may have been back in time.
        if (answer.ExitCode != 0) Assert.Matches("^clickhouse (is restarting|is starting|died|came back)", answer.Expect(3).Error);
        Assert.DoesNotContain("start one with", answer.Error, StringComparison.Ordinal);
    }

    static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
