using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>Edits of the definitions of a stand that runs.</summary>
public sealed partial class ApplyTests : IDisposable
{
    const string RequiredColumn = "\n  - { name: region, type: String, generate: { choice: [north, south] } }\n";

    readonly TemporaryDirectory _streams = Repository.StreamsToEdit();

    [Fact]
    public async Task A_required_column_added_under_load_makes_no_dead_letter_of_a_valid_record()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "3000", "--streams", _streams.Path);
        await Eventually.Holds(async () => await stand.CountAsync("orders_table") > 1000, "orders arrive", TimeSpan.FromMinutes(2));
        Add(RequiredColumn);

        var refused = (await stand.RunAsync("apply")).Expect(2);
        Assert.Contains("--yes", refused.Error, StringComparison.Ordinal);
        Assert.Contains("a record of orders without region is a dead letter", refused.Output, StringComparison.Ordinal);
        var restarted = (await stand.RunAsync("apply", "--yes", "-o", "json")).Expect(0);
        var plan = JsonDocument.Parse(restarted.Output.Split('\n')[0]).RootElement;
        Assert.Equal("restarts", plan.GetProperty("emitter").GetString());
        Assert.Equal("region", plan.GetProperty("demands")[0].GetProperty("columns")[0].GetString());

        await Eventually.Holds(
            async () => await stand.CountAsync("orders_table WHERE region != ''") > 1000,
            "orders with a region arrive", TimeSpan.FromMinutes(2));
        var totals = await stand.TotalsAsync();
        Assert.Equal((0, 0, 0, 0), (totals.ExitCode, totals.DeadLetters, totals.Missing, totals.StoredTwice));
        Assert.Equal("schema change", (await stand.ServiceAsync("setup")).GetProperty("last_exit").GetString());
        Assert.Contains("Nothing to do", (await stand.RunAsync("apply", "--yes")).Expect(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_that_no_table_hears_of_restarts_the_emitter_alone_and_a_restart_of_setup_speaks_of_it()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "10", "--streams", _streams.Path);
        var before = (await stand.ServiceAsync("emitter")).GetProperty("pid").GetInt32();
        Add("# a comment\n");
        var restarted = (await stand.RunAsync("restart", "setup")).Expect(0);
        Assert.Contains("The emitter goes by older definitions", restarted.Error, StringComparison.Ordinal);
        (await stand.RunAsync("apply", "--yes")).Expect(0);
        Assert.NotEqual(before, (await stand.ServiceAsync("emitter")).GetProperty("pid").GetInt32());
        Assert.DoesNotContain("older definitions", (await stand.RunAsync("restart", "setup")).Expect(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setup_that_demands_a_new_column_lets_ClickHouse_read_first_what_was_made_without_it()
    {
        const int events = 2000;
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "0", "--events", $"{events}", "--streams", _streams.Path);
        await stand.SettledAsync(totals => totals.Rows == events);
        // It reads none of what the emitter makes now, and for a while after its return: the group waits for the dead members.
        var clickHouse = (await stand.ServiceAsync("clickhouse")).GetProperty("pid").GetInt32();
        await Launcher.SignalAsync(clickHouse, "STOP");
        (await stand.RunAsync("restart", "emitter")).Expect(0);
        await Eventually.Holds(
            async () => await stand.StateOfAsync("emitter") == "finished", "the events are made", TimeSpan.FromMinutes(2));
        Add(RequiredColumn);
        await Launcher.SignalAsync(clickHouse, "KILL");
        await Eventually.Holds(
            async () => (await stand.ServiceAsync("clickhouse")).GetProperty("restarts").GetInt32() > 0,
            "ClickHouse comes back", TimeSpan.FromMinutes(2));
        await stand.RunningAsync("clickhouse");
        (await stand.RunAsync("restart", "setup")).Expect(0);
        var totals = await stand.SettledAsync(totals => totals.Records == 2 * events);
        Assert.Equal((0, 2 * events, 0), (totals.ExitCode, totals.Rows, totals.DeadLetters));
    }

    [Fact]
    public async Task A_mistake_in_a_definition_stops_nothing()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "10", "--streams", _streams.Path);
        var before = (await stand.ServiceAsync("emitter")).GetProperty("pid").GetInt32();
        Add("nonsense: 1\n");
        Assert.Contains("orders.yaml", (await stand.RunAsync("apply", "--yes")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal(before, (await stand.ServiceAsync("emitter")).GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task A_stand_without_a_weight_has_nothing_to_emit_and_emits_once_an_edit_gives_one()
    {
        foreach (var file in Directory.GetFiles(_streams.Path))
            File.WriteAllText(file, WeightForm().Replace(File.ReadAllText(file), "weight: 0"));
        await using var stand = new Stand();
        await stand.UpAsync("--streams", _streams.Path);
        await Eventually.Holds(async () => await stand.StateOfAsync("emitter") == "finished", "the emitter ends");
        var emitter = await stand.ServiceAsync("emitter");
        Assert.Equal((0, "nothing to emit: no stream has generators and a weight above 0"),
            (emitter.GetProperty("restarts").GetInt32(), emitter.GetProperty("last_exit").GetString()));
        var orders = _streams.Sub("orders.yaml");
        File.WriteAllText(orders, WeightForm().Replace(File.ReadAllText(orders), "weight: 1"));
        (await stand.RunAsync("apply", "--yes")).Expect(0);
        await Eventually.Holds(async () => await stand.CountAsync("orders_table") > 0, "orders arrive", TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Servers_without_an_emitter_of_ours_are_set_up_and_the_plan_says_who_has_to_follow()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--events", "2000", "--streams", _streams.Path);
        await stand.SettledAsync(totals => totals.Rows == 2000);
        var state = (await stand.RunAsync("ps", "-o", "json")).Expect(0).Json;
        var (kafka, clickHouse) = (state.GetProperty("kafka").GetString()!, state.GetProperty("clickhouse").GetString()!);
        string[] servers = ["--kafka", kafka, "--clickhouse", clickHouse];
        Add(RequiredColumn);
        var applied = (await stand.RunAsync(["apply", "--yes", .. servers, "--streams", _streams.Path])).Expect(0);
        Assert.Contains("No emitter of this stand runs here", applied.Output, StringComparison.Ordinal);
        Assert.Equal("0", await stand.QueryAsync("SELECT count() FROM orders_table WHERE region != ''"));
        Assert.Equal("done", (await stand.RunAsync("apply", "-o", "json")).Expect(0).Json.GetProperty("emitter").GetString());
    }

    public void Dispose() => _streams.Dispose();

    [GeneratedRegex("(?m)^weight: [0-9]+")]
    private static partial Regex WeightForm();

    void Add(string lines) => File.AppendAllText(_streams.Sub("orders.yaml"), lines);
}
