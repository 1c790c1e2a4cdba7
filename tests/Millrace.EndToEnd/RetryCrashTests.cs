using System.Globalization;
using Confluent.Kafka;
using Millrace.Testing;
using Xunit.Abstractions;

namespace Millrace.EndToEnd;

/// <summary>kill -9 in the midst of a retry of dead letters: each becomes a row once (docs/decisions/0018-dead-letters-sent-again.md).</summary>
public sealed class RetryCrashTests(ITestOutputHelper output) : IDisposable
{
    const int Letters = 60_000;

    const string Definition =
        """
        stream: shop
        topic: retry_shop
        partitions: 2
        table: shop_table
        order_by: [id]
        columns:
          - { name: id, type: UInt64 }
          - { name: score, type: Nullable(Int8) }

        """;

    readonly TemporaryDirectory _streams = new();

    [Fact]
    public async Task Every_letter_is_a_row_once_though_the_command_and_the_engine_were_killed()
    {
        Write(Definition);
        await using var stand = new Stand();
        await stand.UpAsync("--streams", _streams.Path);
        await ProduceAsync((await stand.ServiceAsync("broker")).GetProperty("endpoint").GetString()!);
        await Eventually.Holds(
            async () => await stand.CountAsync("dead_letters") == Letters, "all are dead letters", TimeSpan.FromMinutes(2));
        await stand.SettledAsync(totals => totals.DeadLetters == Letters);
        Write(Definition.Replace("Nullable(Int8)", "Nullable(Int8), invalid: \"null\"", StringComparison.Ordinal));
        (await stand.RunAsync("apply", "--yes")).Expect(0);

        var seed = Environment.TickCount;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        var kills = Environment.GetEnvironmentVariable("RETRY_KILLS") is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : 6;
        for (var i = 0; i < kills; i++)
        {
            using var retry = Launcher.Start(stand.Data, ["dead-letters", "retry", "--limit", $"{random.Next(1, 2 * Letters / kills)}"]);
            // A moment of its run, whichever: with the start of the process a retry takes about two seconds.
            await Task.WhenAny(retry.WaitForExitAsync(), Task.Delay(random.Next(3000)));
            var victim = random.Next(2) == 0 ? "clickhouse" : "the command";
            output.WriteLine($"{victim} is killed; the command has ended: {retry.HasExited}");
            if (victim == "clickhouse") await stand.KillAsync(victim);
            else if (!retry.HasExited) await Launcher.SignalAsync(retry.Id, "KILL");
            await retry.WaitForExitAsync();
            await stand.RunningAsync("clickhouse");
            var between = await Eventually.Gives(
                stand.TotalsAsync, totals => totals.NotYetRead == 0, "ClickHouse answers", TimeSpan.FromMinutes(2));
            Assert.Equal((0, Letters, 0, 0), (between.ExitCode, between.Rows + between.DeadLetters, between.Missing, between.StoredTwice));
        }

        (await stand.RunAsync("dead-letters", "retry")).Expect(0);
        Assert.Equal(
            new StandTotals(ExitCode: 0, Records: Letters, Rows: Letters, DeadLetters: 0, Missing: 0, StoredTwice: 0, NotYetRead: 0),
            await stand.TotalsAsync());
        Assert.Equal($"{Letters}\t{Letters}", await stand.QueryAsync("SELECT count(), uniqExact(kafka_partition, kafka_offset) FROM shop_table"));
        Assert.Equal(Letters, await stand.CountAsync("dead_letters WHERE retried_at IS NOT NULL"));
    }

    public void Dispose() => _streams.Dispose();

    void Write(string definition) => File.WriteAllText(_streams.Sub("shop.yaml"), definition);

    static async Task ProduceAsync(string bootstrap)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = bootstrap, EnableIdempotence = true }).Build();
        for (var id = 0; id < Letters; id++)
        {
            var value = string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"score":1000}""");
            producer.Produce(new TopicPartition("retry_shop", id % 2), new Message<Null, string> { Value = value });
            if (id % 20_000 == 0) await Task.Run(() => producer.Flush(TimeSpan.FromSeconds(30)));
        }
        Assert.Equal(0, producer.Flush(TimeSpan.FromSeconds(60)));
    }
}
