using Confluent.Kafka;
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

    /// <summary>Every block has records that ClickHouse's parser refuses, so that each is parsed once more (decision 0012).</summary>
    [Fact]
    public async Task Every_record_of_a_block_that_is_parsed_exactly_is_stored_once_though_clickhouse_was_killed()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "1", "--events", "1");
        var bootstrap = (await stand.ServiceAsync("broker")).GetProperty("endpoint").GetString();
        var settings = new ProducerConfig { BootstrapServers = bootstrap, EnableIdempotence = true };
        using var producer = new ProducerBuilder<string, string>(settings).Build();
        using var enough = new CancellationTokenSource();
        var producing = Task.Run(() => ProduceUntilAsync(producer, enough.Token));
        await KillAtRandomAsync(stand, ["clickhouse"], times: 5);
        await enough.CancelAsync();
        var (valid, garbage) = await producing;

        var totals = await stand.SettledAsync();
        var (records, rows) = (valid + garbage + 1, valid + 1);
        Assert.Equal(new StandTotals(ExitCode: 0, records, rows, garbage, Missing: 0, StoredTwice: 0, NotYetRead: 0), totals);
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
        // Nobody waits for the sessions of the dead ClickHouse.
        var removed = (await stand.RunAsync("logs", "broker")).Expect(0).Output.Split('\n').Where(line => line.Contains(" is removed: "));
        Assert.Equal(3, removed.Count(line => line.Contains("ClickHouse-") && line.EndsWith(" it left", StringComparison.Ordinal)));
        var services = state.GetProperty("services").EnumerateArray().Select(service => service.GetProperty("process"))
            .Where(process => process.ValueKind == System.Text.Json.JsonValueKind.Object);
        Assert.All(services, process => Assert.True(Launcher.HasEnded(process.GetProperty("pid").GetInt32())));
        await QuietAsync(stand);
        var totals = await stand.SettledAsync();
        Assert.Equal((0, 0L, 0L, totals.Records), (totals.ExitCode, totals.Missing, totals.StoredTwice, totals.Rows));
    }

    /// <returns>How many orders and how many others are acknowledged.</returns>
    static async Task<(long Valid, long Garbage)> ProduceUntilAsync(IProducer<string, string> producer, CancellationToken enough)
    {
        long valid = 0, garbage = 0;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!enough.IsCancellationRequested)
        {
            await pace.WaitForNextTickAsync(CancellationToken.None);
            var lot = Enumerable.Range(0, 300)
                .Select(number => new Message<string, string> { Key = $"{number}", Value = number == 0 ? "no JSON" : Order(number) });
            await Task.WhenAll(lot.Select(message => producer.ProduceAsync("orders", message, CancellationToken.None)));
            (valid, garbage) = (valid + 299, garbage + 1);
        }
        return (valid, garbage);
    }

    /// <summary>One in ten has a number of 24 digits, for which ClickHouse's parser refuses the whole record.</summary>
    static string Order(int number) =>
        $$"""
        {"event_id":"{{Guid.NewGuid()}}","event_time":"2026-11-27T08:00:00.000Z",
        "user_id":{{number}},"session_id":"{{Guid.NewGuid()}}","product_id":1,"quantity":1,"amount":9.99,"currency":"EUR","coupon":null,
        "country":"DE","ip":"10.0.0.1"{{(number % 10 == 0 ? ",\"trace\":123456789012345678901234" : "")}}}
        """;

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
