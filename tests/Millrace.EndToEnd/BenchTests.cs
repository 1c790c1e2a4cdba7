using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>The real command on real stands, for a few seconds each.</summary>
public sealed partial class BenchTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public BenchTests() => Directory.CreateDirectory(_directory.Sub("tmp"));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Latency_is_measured_and_every_acknowledged_event_is_a_row()
    {
        var done = (await BenchAsync(
            "latency", "--rate", "500", "--vary", "linger-ms=20", "--warm-up", "2s", "--duration", "4s", "--repeat", "2", "--out",
            _directory.Sub("out"))).Expect(0);
        Assert.Contains("| 500 | 20 | 2 |", done.Output, StringComparison.Ordinal);
        Assert.Equal(["report.html", "results.json", "results.md"],
            Directory.GetFiles(_directory.Sub("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_directory.Sub("out/results.json")));
        var results = json.RootElement;
        Assert.True(results.GetProperty("is_complete").GetBoolean());
        Assert.Equal(1, results.GetProperty("measurements").GetArrayLength());
        foreach (var measurement in results.GetProperty("measurements").EnumerateArray())
        {
            Assert.Equal(2, measurement.GetProperty("runs").GetArrayLength());
            foreach (var run in measurement.GetProperty("runs").EnumerateArray()) AssertPlausible(run);
        }
        var html = await File.ReadAllTextAsync(_directory.Sub("out/report.html"));
        Assert.DoesNotMatch(External(), html);
        Assert.Empty(Left);

        var same = (await BenchAsync("compare", _directory.Sub("out/results.json"), _directory.Sub("out/results.json"))).Expect(0);
        Assert.Contains("within the spread", same.Output, StringComparison.Ordinal);
        var again = (await BenchAsync("latency", "--out", _directory.Sub("out"))).Expect(1);
        Assert.Contains("holds results already: name another folder with --out", again.Error, StringComparison.Ordinal);
    }

    /// <summary>500 a second for 2 + 4 + 2 s, of which 4 count.</summary>
    static void AssertPlausible(JsonElement run)
    {
        var values = run.GetProperty("values");
        Assert.Equal((4000, 4000, 0), (Value("events_acknowledged"), Value("rows_stored"), Value("dead_letters")));
        Assert.Equal(500, Value("events_per_second"));
        Assert.InRange(Value("p50_ms"), 1, Value("p99_ms"));
        Assert.InRange(Value("p99_ms"), Value("p50_ms"), Value("max_ms"));
        Assert.Equal(2000, run.GetProperty("percentiles").EnumerateArray().Last().GetProperty("count").GetInt64());
        Assert.Equal(4000, run.GetProperty("latency").EnumerateArray().Sum(second => second.GetProperty("rows").GetInt64()));
        foreach (var service in new[] { "broker", "clickhouse", "emitter" })
        {
            var process = run.GetProperty("processes").EnumerateArray().Single(one => one.GetProperty("name").GetString() == service);
            Assert.True(process.GetProperty("cpu_seconds").GetDouble() > 0, $"{process}");
            Assert.True(process.GetProperty("peak_rss_bytes").GetInt64() > 10_000_000, $"{process}");
        }

        double Value(string name) => values.GetProperty(name).GetDouble();
    }

    [Fact]
    public async Task Drain_startup_and_recover_come_to_numbers()
    {
        var done = (await BenchAsync(
            "drain", "startup", "recover", "--backlog", "20000", "--vary", "compression=lz4",
            "--kill", "emitter", "--warm-up", "1s", "--out", _directory.Sub("out"),
            "--output", "json")).Expect(0);
        var measurements = done.Json.GetProperty("measurements").EnumerateArray()
            .ToDictionary(one => one.GetProperty("scenario").GetString()!);
        Assert.Equal(["drain", "recover", "startup"], measurements.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(20_000, Median("drain", "rows_stored"));
        Assert.True(Median("drain", "drained_rows_per_second") > 100);
        Assert.InRange(Median("startup", "up_seconds"), 0.1, Median("startup", "first_row_seconds"));
        Assert.InRange(Median("recover", "first_row_seconds"), 0.05, Median("recover", "caught_up_seconds"));
        Assert.Empty(Left);

        double Median(string scenario, string metric) =>
            measurements[scenario].GetProperty("summary").GetProperty(metric).GetProperty("median").GetDouble();
    }

    [Fact]
    public async Task Sustain_finds_a_rate_that_is_held()
    {
        var done = (await BenchAsync(
            "sustain", "--hold", "2s", "--warm-up", "1s", "--p99", "5s", "--most", "500", "--out", _directory.Sub("out"),
            "--output", "json")).Expect(0);
        var summary = done.Json.GetProperty("measurements")[0].GetProperty("summary");
        Assert.True(summary.GetProperty("held_events_per_second").GetProperty("median").GetDouble() >= 1);
        var notes = done.Json.GetProperty("measurements")[0].GetProperty("runs")[0].GetProperty("notes").EnumerateArray();
        Assert.Contains(notes, note => note.GetString()!.Contains(": held, p99 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_measured_before_Ctrl_C_is_there_and_nothing_else_is_left()
    {
        using var bench = Start(
            "latency", "--rate", "200", "--warm-up", "1s", "--duration", "1s", "--repeat", "500", "--out", _directory.Sub("out"));
        await Eventually.Holds(() => File.Exists(_directory.Sub("out/results.json")), "one was measured");
        await Launcher.SignalAsync(bench.Id, "INT");
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await bench.WaitForExitAsync(late.Token);
        Assert.Equal(130, bench.ExitCode);
        Assert.Contains("Stopped: what was measured before is in", await bench.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_directory.Sub("out/results.json")));
        Assert.False(json.RootElement.GetProperty("is_complete").GetBoolean());
        Assert.NotEmpty(json.RootElement.GetProperty("measurements")[0].GetProperty("runs").EnumerateArray());
        Assert.Empty(Left);
    }

    [Fact]
    public async Task What_is_wrong_before_anything_starts_is_one_sentence_with_exit_code_2()
    {
        await RefusedAsync("bench takes what is to be measured: startup, latency, sustain, drain, recover");
        await RefusedAsync(
            "bench has no scenario latncy (did you mean 'latency'?): there are startup, latency, sustain, drain, recover", "latncy");
        await RefusedAsync(
            "--vary knows no setting linger (did you mean 'linger-ms'?): there are acks, batch-size, linger-ms, compression",
            "latency", "--vary", "linger=1");
        await RefusedAsync("--linger-ms is 'x'; it must be a whole number from 0 to 900000", "latency", "--vary", "linger-ms=1,x");
        await RefusedAsync("--vary takes a setting with values, such as acks=1,2, not 'acks'", "latency", "--vary", "acks");
        await RefusedAsync("--vary takes a setting with values, such as acks=1,2, not 'acks=1,'", "latency", "--vary", "acks=1,");
        await RefusedAsync("--vary names acks twice", "latency", "--vary", "acks=1", "--vary", "acks=all");
        await RefusedAsync("--rate takes whole numbers from 1 to 10000000, not '0'", "latency", "--rate", "1000,0");
        await RefusedAsync("--duration takes a time up to a day, such as 500ms, 30s or 2m, not '0'", "latency", "--duration", "0");
        await RefusedAsync("--kill takes broker, clickhouse, emitter, not brokr (did you mean 'broker'?)", "recover", "--kill", "brokr");
        await RefusedAsync("bench has no use for --data", "latency", "--data", "/tmp");
        await RefusedAsync("compare takes two files of results: ", "compare", _directory.Sub("none.json"));
        var none = _directory.Sub("none.json");
        await RefusedAsync($"{none} can't be read", "compare", none, none);
        Assert.Empty(Left);
    }

    [Fact]
    public async Task A_folder_for_the_results_that_cannot_be_written_is_told_before_anything_starts()
    {
        var refused = (await BenchAsync("latency", "--out", "/proc/nowhere")).Expect(1);
        Assert.StartsWith("results can't be written to /proc/nowhere (", refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd('\n').Split('\n'));
    }

    [MountFact]
    public async Task A_full_disk_is_told_before_anything_starts()
    {
        Directory.CreateDirectory(_directory.Sub("full"));
        string[] mounted = [.. MountFactAttribute.Launcher(_directory.Sub("full"))];
        var start = Command(mounted[0], [.. mounted[1..], Launcher.Path, "bench", "latency", "--out", _directory.Sub("full/out")]);
        var refused = (await EndAsync(Process.Start(start)!)).Expect(1);
        Assert.StartsWith(
            $"results can't be written to {_directory.Sub("full/out")} (No space left on device", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>Folders in the temporary one of these measurements.</summary>
    string[] Left => Directory.GetDirectories(_directory.Sub("tmp"), "millrace-bench-*");

    async Task RefusedAsync(string sentence, params string[] arguments)
    {
        var refused = (await BenchAsync(arguments)).Expect(2);
        Assert.Equal("", refused.Output);
        Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd('\n').Split('\n'));
    }

    async Task<CommandResult> BenchAsync(params string[] arguments) => await EndAsync(Start(arguments));

    static async Task<CommandResult> EndAsync(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var late = new CancellationTokenSource(TimeSpan.FromMinutes(10));
            await process.WaitForExitAsync(late.Token);
            return new CommandResult(process.ExitCode, await output, await error);
        }
    }

    Process Start(params string[] arguments) => Process.Start(Command(Launcher.Path, ["bench", .. arguments]))!;

    ProcessStartInfo Command(string program, params string[] arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["TMPDIR"] = _directory.Sub("tmp"), ["MILLRACE_DATA"] = _directory.Sub("data") },
    };

    /// <summary>What a browser would fetch.</summary>
    [GeneratedRegex("""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//|url\(|@import|\bfetch\(|XMLHttpRequest|WebSocket|EventSource""")]
    private static partial Regex External();
}
