using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>Drills on a real stand: a verdict that is right, whether anything was lost or not.</summary>
public sealed class DrillTests
{
    [Fact]
    public async Task A_drill_of_which_the_stand_recovers_passes_and_tells_how_long_that_took()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "200");
        foreach (var drill in (string[])["kill clickhouse", "kill broker", "burst --events 5000 --for 2s", "poison --share 0.2 --for 3s"])
        {
            var run = (await stand.RunAsync(["drill", .. drill.Split(' '), "--rate", "500", "-o", "json"])).Expect(0);
            var lines = Documents(run);
            Assert.Equal(["plan", "strike", "recovered", "verdict"], lines.Select(line => line.GetProperty("kind").GetString()));
            var verdict = lines[^1];
            Assert.True(verdict.GetProperty("passed").GetBoolean());
            Assert.InRange(verdict.GetProperty("acknowledged").GetInt64(), 100, long.MaxValue);
            Assert.Equal(verdict.GetProperty("acknowledged").GetInt64(), verdict.GetProperty("stored").GetInt64());
            var strike = verdict.GetProperty("strikes").EnumerateArray().Single();
            Assert.InRange(strike.GetProperty("first_row_seconds").GetDouble(), 0, 120);
            Assert.InRange(strike.GetProperty("recovery_seconds").GetDouble(), 0, 120);
            var malformed = verdict.GetProperty("malformed").GetInt64();
            Assert.InRange(malformed, drill.StartsWith("poison", StringComparison.Ordinal) ? 100 : 0, long.MaxValue);
            Assert.Equal(malformed, verdict.GetProperty("dead_letters").GetInt64());
        }
        foreach (var (service, killed) in ((string, int)[])[("broker", 1), ("clickhouse", 1), ("emitter", 0)])
            Assert.Equal(killed, (await stand.ServiceAsync(service)).GetProperty("restarts").GetInt32());
        Assert.Equal(0, (await stand.TotalsAsync()).ExitCode);
        await Eventually.Holds(async () => (await MarksAsync(stand)).Count == 8, "each strike and each end is a mark of the page's");
        Assert.Equal(("clickhouse", "kill -9 clickhouse"), (await MarksAsync(stand))[0]);
    }

    [Fact]
    public async Task What_goes_missing_during_a_drill_is_found_and_fails_it_and_the_next_one_does_not_begin()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "1");
        using var drill = Launcher.Start(stand.Data, ["drill", "pause", "page", "--for", "10s", "-o", "json"]);
        await StruckAsync(drill);
        var rows = await Eventually.Gives(() => stand.CountAsync("views_table"), rows => rows > 1000, "rows of the drill's are stored");
        await stand.QueryAsync("ALTER TABLE views_table DELETE WHERE kafka_offset % 50 = 7 SETTINGS mutations_sync = 1");
        var deleted = rows / 50 / 2; // at least: some came before the drill's
        var verdict = await VerdictAsync(drill);

        Assert.Equal(1, drill.ExitCode);
        Assert.False(verdict.GetProperty("passed").GetBoolean());
        var lost = verdict.GetProperty("lost").GetInt64();
        Assert.InRange(lost, deleted, long.MaxValue);
        Assert.InRange(verdict.GetProperty("missing").GetInt64(), lost, long.MaxValue);
        Assert.Equal(verdict.GetProperty("acknowledged").GetInt64() - lost, verdict.GetProperty("stored").GetInt64());
        Assert.Contains(
            "acknowledged events of page_views, partition ", verdict.GetProperty("sentences")[0].GetString(), StringComparison.Ordinal);

        var next = (await stand.RunAsync("drill", "kill", "broker")).Expect(1);
        Assert.Contains("The stand is not well before the drill, so nothing was done: ", next.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await stand.ServiceAsync("broker")).GetProperty("restarts").GetInt32());
    }

    [Fact]
    public async Task A_view_that_drops_every_hundredth_row_is_found_with_the_number_of_the_rows()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--events", "3");
        var made = await stand.QueryAsync("SELECT as_select FROM system.tables WHERE name = 'views_mv' FORMAT TSVRaw");
        await stand.QueryAsync($"ALTER TABLE views_mv MODIFY QUERY SELECT * FROM ({made}) WHERE kafka_offset % 100 != 99");
        var drill = (await stand.RunAsync("drill", "burst", "--events", "4000", "--for", "1s", "-o", "json")).Expect(1);
        var verdict = Documents(drill)[^1];

        Assert.False(verdict.GetProperty("passed").GetBoolean());
        var dropped = await stand.CountAsync("(SELECT max(kafka_offset) AS last FROM views_table GROUP BY kafka_partition) "
            + "ARRAY JOIN arrayFilter(one -> one % 100 = 99, range(last)) AS one");
        // The last record of a partition may be one that is dropped.
        Assert.InRange(verdict.GetProperty("lost").GetInt64(), Math.Max(1, dropped), dropped + 3);
        Assert.Equal(verdict.GetProperty("lost").GetInt64(), verdict.GetProperty("missing").GetInt64());
    }

    [Fact]
    public async Task Several_drills_of_a_file_have_a_verdict_each_and_one_in_all()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "100");
        using var files = new TemporaryDirectory();
        var file = files.Sub("week.yaml");
        await File.WriteAllTextAsync(
            file,
            """
            rate: 500
            steps:
              - { drill: partition, for: 3s }
              - { drill: disk-full, for: 3s }
              - { drill: clock, for: 2s }
            """);
        var lines = Documents((await stand.RunAsync("drill", "run", file, "--report", files.Sub("week.html"), "-o", "json")).Expect(0));

        string[] step = ["strike", "recovered", "step"];
        Assert.Equal(
            ["plan", "plan", "plan", "plan", .. step, .. step, .. step, "verdict"],
            lines.Select(line => line.GetProperty("kind").GetString()));
        var steps = lines.Where(line => line.GetProperty("kind").GetString() == "step").ToList();
        Assert.Equal(["partition", "disk-full", "clock"], steps.Select(one => one.GetProperty("drill").GetString()));
        Assert.All(steps, one => Assert.InRange(one.GetProperty("acknowledged").GetInt64(), 100, long.MaxValue));
        Assert.All(steps, one => Assert.Single(one.GetProperty("strikes").EnumerateArray()));
        var verdict = lines[^1];
        Assert.True(verdict.GetProperty("passed").GetBoolean());
        Assert.Equal("run week.yaml", verdict.GetProperty("drill").GetString());
        Assert.InRange(
            verdict.GetProperty("acknowledged").GetInt64(), steps.Sum(one => one.GetProperty("acknowledged").GetInt64()), long.MaxValue);

        var page = await File.ReadAllTextAsync(files.Sub("week.html"));
        var data = Regex.Match(page, """<script type="application/json" id="data">(.*)</script>""").Groups[1].Value;
        var told = JsonDocument.Parse(data).RootElement.GetProperty("measurements")[0].GetProperty("runs")[0];
        Assert.Equal(6, told.GetProperty("marks").GetArrayLength());
        // The engine was cut off for three seconds, and records waited.
        Assert.Contains(told.GetProperty("timeline").EnumerateArray(), point =>
            point.GetProperty("lag") is { ValueKind: JsonValueKind.Number } lag && lag.GetInt64() > 500);

        // Each of them bit.
        var log = (await stand.RunAsync("logs", "broker")).Expect(0).Output;
        Assert.Matches("a drill cuts off clients called ClickHouse-.*: [1-9][0-9]* connections ended", log);
        Assert.Contains("No space left on device", log, StringComparison.Ordinal);
        Assert.Equal("1\t1", await stand.QueryAsync(
            "SELECT max(kafka_timestamp) > now() + 600, countIf(kafka_timestamp < now() - 3600) > 0 FROM views_table"));
        Assert.Equal(0, (await stand.TotalsAsync()).ExitCode);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_drill_with_a_verdict_of_what_was_done_and_lets_a_paused_service_go_on()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "100");
        using var drill = Launcher.Start(stand.Data, ["drill", "pause", "page", "--for", "1h", "-o", "json"]);
        await StruckAsync(drill);
        var page = (await stand.ServiceAsync("page")).GetProperty("pid").GetInt32();
        await Eventually.Holds(() => State(page) == 'T', "the page's process is stopped");
        await Launcher.SignalAsync(drill.Id, "INT");
        var verdict = await VerdictAsync(drill);

        Assert.Equal(130, drill.ExitCode);
        Assert.True(verdict.GetProperty("passed").GetBoolean());
        Assert.True(verdict.GetProperty("stopped").GetBoolean());
        Assert.NotEqual('T', State(page));

        // proc(5): the third field, behind the name in brackets.
        static char State(int pid)
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return stat[stat.LastIndexOf(')') + 2];
        }
    }

    [Theory]
    [InlineData("drill kill", 2, "drill kill takes a service: broker, clickhouse, setup, emitter, page.")]
    [InlineData("drill kill clickhaus", 2, "'clickhaus'")]
    [InlineData("drill pause broker --for soon", 2, "--for takes a time up to a day, such as 500ms, 30s or 2m, not 'soon'")]
    [InlineData("drill pause broker --for 60d", 2, "--for takes a time up to a day, such as 500ms, 30s or 2m, not '60d'")]
    [InlineData("drill kill broker --within 0s", 2, "--within takes a time up to a day, such as 500ms, 30s or 2m, not '0s'")]
    [InlineData("drill kill broker --times 0", 2, "--times takes a whole number from 1 to 10000")]
    [InlineData("drill poison --share 5%", 2, "--share takes a number from 0 to 1, not '5%'")]
    [InlineData("drill partition --for 0s", 2, "--for takes a time up to a day, such as 500ms, 30s or 2m, not '0s'")]
    [InlineData("drill run", 2, "drill run takes a file with drills")]
    [InlineData("drill run no-such-file.yaml", 2, "the drills no-such-file.yaml can't be read: ")]
    [InlineData("drill disk-full", 3, "No stand is up on ")]
    [InlineData("drill kill broker", 3, "No stand is up on ")]
    public async Task A_drill_that_can_not_be_is_refused_in_a_sentence(string command, int exitCode, string sentence)
    {
        using var nowhere = new TemporaryDirectory();
        var refused = (await Launcher.RunAsync(nowhere.Sub("data"), command.Split(' '))).Expect(exitCode);
        Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
    }

    static async Task<IReadOnlyList<(string Subject, string Text)>> MarksAsync(Stand stand)
    {
        using var client = new HttpClient();
        var page = (await stand.ServiceAsync("page")).GetProperty("endpoint").GetString()!;
        using var past = JsonDocument.Parse(await client.GetStringAsync(new Uri(new Uri(page), "/api/past?minutes=60")));
        return
        [
            .. past.RootElement.GetProperty("events").EnumerateArray()
                .Where(mark => mark.GetProperty("kind").GetString() == "drill")
                .Select(mark => (mark.GetProperty("subject").GetString()!, mark.GetProperty("text").GetString()!)),
        ];
    }

    static List<JsonElement> Documents(CommandResult run) =>
        [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    static async Task StruckAsync(Process drill)
    {
        while (await drill.StandardOutput.ReadLineAsync() is { } line)
            if (line.Contains("\"strike\"", StringComparison.Ordinal)) return;
        Assert.Fail(await drill.StandardError.ReadToEndAsync());
    }

    static async Task<JsonElement> VerdictAsync(Process drill)
    {
        var output = await drill.StandardOutput.ReadToEndAsync();
        await drill.WaitForExitAsync();
        return JsonDocument.Parse(output.TrimEnd('\n').Split('\n')[^1]).RootElement;
    }
}
