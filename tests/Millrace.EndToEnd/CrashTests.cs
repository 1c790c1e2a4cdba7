using Millrace.Testing;
using Xunit.Abstractions;

namespace Millrace.EndToEnd;

/// <summary>kill -9 under load: nothing acknowledged is lost, nothing is counted twice.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_event_of_an_emitter_that_ended_is_in_its_table_exactly_once_though_broker_and_clickhouse_were_killed()
    {
        const int events = 12_000;
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "1500", "--events", $"{events}");
        await KillAtRandomAsync(stand, ["broker", "clickhouse"], times: 4);
        await Eventually.Holds(async () => await stand.StateOfAsync("emitter") == "finished", "the emitter has made its events", TimeSpan.FromMinutes(3));

        var totals = await stand.SettledAsync(totals => totals.Records >= events);
        Assert.Equal(new StandTotals(ExitCode: 0, Records: events, Rows: events, DeadLetters: 0, Missing: 0, StoredTwice: 0, NotYetRead: 0), totals);
        Assert.Equal(events, await stand.CountAsync("clicks_table") + await stand.CountAsync("views_table") + await stand.CountAsync("orders_table"));
    }

    [Fact]
    public async Task Every_record_is_in_its_table_exactly_once_though_any_service_was_killed()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "1500");
        await KillAtRandomAsync(stand, ["broker", "clickhouse", "emitter"], times: 6);
        await stand.RunningAsync("emitter");
        await QuietAsync(stand);

        var totals = await stand.SettledAsync();
        Assert.Equal((0, 0L, 0L, totals.Records), (totals.ExitCode, totals.Missing, totals.StoredTwice, totals.Rows));
        Assert.True(totals.Records > 0);
    }

    [Fact]
    public async Task A_killed_supervisor_takes_its_services_with_it_and_the_next_up_carries_on()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "1000");
        await Eventually.Holds(async () => await stand.CountAsync("views_table") > 0, "rows");
        var state = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(stand.Data, "state.json"))).RootElement;
        await Launcher.SignalAsync(state.GetProperty("supervisor").GetProperty("pid").GetInt32(), "KILL");
        (await stand.RunAsync("ps")).Expect(3);

        await stand.UpAsync("--rate", "1");
        var services = state.GetProperty("services").EnumerateArray().Select(service => service.GetProperty("process"))
            .Where(process => process.ValueKind == System.Text.Json.JsonValueKind.Object);
        Assert.All(services, process => Assert.True(Launcher.HasEnded(process.GetProperty("pid").GetInt32())));
        await QuietAsync(stand);
        var totals = await stand.SettledAsync();
        Assert.Equal((0, 0L, 0L, totals.Records), (totals.ExitCode, totals.Missing, totals.StoredTwice, totals.Rows));
    }

    async Task KillAtRandomAsync(Stand stand, string[] services, int times)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < times; i++)
        {
            var service = services[random.Next(services.Length)];
            await stand.RunningAsync(service);
            await Task.Delay(random.Next(800));
            output.WriteLine($"kill -9 {service}");
            await stand.KillAsync(service);
        }
        foreach (var service in services.Where(service => service != "emitter")) await stand.RunningAsync(service);
    }

    /// <summary>Nothing comes after: the emitter is stopped by the stand's own restart, with its last records acknowledged.</summary>
    static async Task QuietAsync(Stand stand)
    {
        (await stand.RunAsync("down")).Expect(0);
        await stand.UpAsync("--rate", "1", "--events", "1");
    }
}
