using System.Text.Json;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>A stream of a stand that runs is paused, whatever happens to the stand, until somebody resumes it.</summary>
public sealed class PauseTests
{
    const int Events = 3000;

    [Fact]
    public async Task A_stream_stays_paused_through_kills_setups_and_a_down_and_then_stores_each_record_once()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "0", "--events", $"{Events}");
        await stand.SettledAsync(totals => totals.Rows == Events);
        var orders = await stand.CountAsync("orders_table");

        var paused = (await stand.RunAsync("pause", "orders", "-o", "json")).Expect(0).Json;
        Assert.Equal((true, true), (paused.GetProperty("paused").GetBoolean(), paused.GetProperty("changed").GetBoolean()));
        Assert.Contains("paused already", (await stand.RunAsync("pause", "orders")).Expect(0).Output, StringComparison.Ordinal);
        // The others are read and stored, this one waits.
        (await stand.RunAsync("restart", "emitter")).Expect(0);
        await OthersAreStoredAsync(stand);
        await StillPausedAsync(stand, orders);

        await stand.KillAsync("clickhouse");
        await Eventually.Holds(
            async () => (await stand.ServiceAsync("clickhouse")).GetProperty("restarts").GetInt32() > 0, "ClickHouse comes back",
            TimeSpan.FromMinutes(2));
        await stand.RunningAsync("clickhouse");
        (await stand.RunAsync("restart", "setup")).Expect(0);
        await StillPausedAsync(stand, orders);
        (await stand.RunAsync("down")).Expect(0);
        await stand.UpAsync("--rate", "0", "--events", $"{Events}");
        await Eventually.Holds(
            async () => await stand.StateOfAsync("emitter") == "finished", "the events are made", TimeSpan.FromMinutes(2));
        await OthersAreStoredAsync(stand);
        await StillPausedAsync(stand, orders);

        Assert.Contains("is resumed", (await stand.RunAsync("resume", "orders")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("is not paused", (await stand.RunAsync("resume", "orders")).Expect(0).Output, StringComparison.Ordinal);
        var totals = await stand.SettledAsync(totals => totals.Records == 3 * Events);
        Assert.Equal(
            new StandTotals(ExitCode: 0, 3 * Events, 3 * Events, DeadLetters: 0, Missing: 0, StoredTwice: 0, NotYetRead: 0), totals);
        var others = await stand.CountAsync("clicks_table") + await stand.CountAsync("views_table");
        Assert.Equal(totals.Records, await stand.CountAsync("orders_table") + others);
    }

    [Fact]
    public async Task A_stream_that_there_is_not_is_one_sentence_with_those_that_there_are()
    {
        await using var stand = new Stand();
        Assert.Contains("No stand is up", (await stand.RunAsync("pause", "orders")).Expect(3).Error, StringComparison.Ordinal);
        Assert.Equal(
            "no stream is called order: there are clicks, orders, views",
            (await stand.RunAsync("pause", "order")).Expect(2).Error.Trim());
    }

    static async Task OthersAreStoredAsync(Stand stand) => await Eventually.Holds(async () =>
    {
        var topics = (await stand.RunAsync("audit", "-o", "json")).Expect(0).Json.GetProperty("topics").EnumerateArray();
        return await stand.StateOfAsync("emitter") == "finished"
            && topics.Where(topic => !topic.GetProperty("paused").GetBoolean()).All(topic => Sum(topic, "not_yet_read") == 0);
    }, "the other streams are read", TimeSpan.FromMinutes(2));

    /// <summary>Everywhere it is shown.</summary>
    static async Task StillPausedAsync(Stand stand, long rows)
    {
        Assert.Equal(rows, await stand.CountAsync("orders_table"));
        var audit = (await stand.RunAsync("audit", "-o", "json")).Expect(0);
        var orders = audit.Json.GetProperty("topics").EnumerateArray().Single(topic => topic.GetProperty("topic").GetString() == "orders");
        Assert.True(orders.GetProperty("paused").GetBoolean());
        Assert.True(Sum(orders, "not_yet_read") > 0);
        Assert.Contains("Stream orders is paused", audit.Error, StringComparison.Ordinal);
        await Eventually.Holds(async () =>
        {
            var ps = (await stand.RunAsync("ps", "-o", "json")).Expect(0).Json;
            return ps.GetProperty("paused").EnumerateArray().Any(name => name.GetString() == "orders");
        }, "ps says so");
        var groups = (await stand.RunAsync("groups", "-o", "json")).Expect(0).Json.EnumerateArray();
        var partitions = groups.Single(group => group.GetProperty("group_id").GetString() == "clickhouse_router_group")
            .GetProperty("partitions").EnumerateArray();
        Assert.All(partitions, partition => Assert.Equal(
            partition.GetProperty("topic").GetString() == "orders", partition.GetProperty("paused").GetBoolean()));
    }

    static long Sum(JsonElement topic, string field) =>
        topic.GetProperty("partitions").EnumerateArray().Sum(partition => partition.GetProperty(field).GetInt64());
}
