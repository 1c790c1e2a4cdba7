using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Millrace.Testing;
using Xunit.Abstractions;

namespace Millrace.EndToEnd;

/// <summary>The command that reads a topic once more, and kill -9 in its midst (docs/decisions/0021-replay.md).</summary>
public sealed class ReplayTests(ITestOutputHelper output) : IDisposable
{
    static readonly int Records = Environment.GetEnvironmentVariable("REPLAY_RECORDS") is { } count
        ? int.Parse(count, CultureInfo.InvariantCulture)
        : 200_000;

    const string Definition =
        """
        stream: shop
        topic: replay_shop
        partitions: 2
        table: shop_table
        order_by: [id]
        columns:
          - { name: id, type: UInt64 }
          - { name: amount, type: "Decimal(18, 2)" }
          - { name: note, type: Nullable(String) }

        """;

    readonly TemporaryDirectory _streams = new();

    [Fact]
    public async Task Every_deleted_row_is_back_once_though_the_command_and_the_engine_were_killed()
    {
        File.WriteAllText(_streams.Sub("shop.yaml"), Definition);
        await using var stand = new Stand();
        await stand.UpAsync("--streams", _streams.Path);
        await ProduceAsync((await stand.ServiceAsync("broker")).GetProperty("endpoint").GetString()!);
        await stand.SettledAsync(totals => totals.Rows == Records);
        await stand.QueryAsync("DELETE FROM shop_table WHERE id % 5 != 0");

        var seed = Environment.TickCount;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        foreach (var (victim, signal) in ((string, string)[])[("the command", "INT"), ("clickhouse", "KILL"), ("the command", "KILL")])
        {
            var before = await CountAsync();
            using var replay = Launcher.Start(stand.Data, ["replay", "shop", "--from", "start"]);
            // The lock of one that was killed is broken after a while, and then rows come: a moment of that, whichever.
            await Eventually.Holds(
                async () => replay.HasExited || await CountAsync() > before, "rows are added", TimeSpan.FromMinutes(2));
            await Task.WhenAny(replay.WaitForExitAsync(), Task.Delay(random.Next(500)));
            output.WriteLine($"{signal} to {victim}; the command has ended: {replay.HasExited}");
            if (victim == "clickhouse") await stand.KillAsync(victim);
            else if (!replay.HasExited) await Launcher.SignalAsync(replay.Id, signal);
            await replay.WaitForExitAsync();
            Assert.NotEqual(70, replay.ExitCode);
            if (signal == "INT" && replay.ExitCode != 0)
            {
                Assert.Equal(130, replay.ExitCode);
                var said = await replay.StandardError.ReadToEndAsync();
                // It had done all, and only its process was still there.
                if (said.Length == 0) Assert.Equal(Records, await CountAsync());
                else Assert.Contains("the same command goes on from there", said, StringComparison.Ordinal);
            }
            await stand.RunningAsync("clickhouse");
            var between = await Eventually.Gives(CountAsync, _ => true, "ClickHouse answers", TimeSpan.FromMinutes(2));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{before} rows, then {between}"));
        }

        var started = Stopwatch.GetTimestamp();
        var report = (await stand.RunAsync("replay", "shop", "--from", "start", "-o", "json")).Expect(0).Json;
        output.WriteLine($"{report} after {Stopwatch.GetElapsedTime(started)}");
        Assert.Equal(Records, report.GetProperty("added").GetInt64() + report.GetProperty("stored").GetInt64());
        Assert.Equal(
            new StandTotals(ExitCode: 0, Records: Records, Rows: Records, DeadLetters: 0, Missing: 0, StoredTwice: 0, NotYetRead: 0),
            await stand.TotalsAsync());
        Assert.Equal(
            $"{Records}\t{Records}", await stand.QueryAsync("SELECT count(), uniqExact(kafka_partition, kafka_offset) FROM shop_table"));

        started = Stopwatch.GetTimestamp();
        report = (await stand.RunAsync("replay", "shop", "--from", "start", "--into", "shop_again", "-o", "json")).Expect(0).Json;
        output.WriteLine($"{report} after {Stopwatch.GetElapsedTime(started)}");
        Assert.Equal(Records, report.GetProperty("added").GetInt64());
        const string Sum = "SELECT count(), sum(cityHash64(* EXCEPT inserted_at)) FROM";
        Assert.Equal(await stand.QueryAsync($"{Sum} shop_table"), await stand.QueryAsync($"{Sum} shop_again"));
        await WrongWordsAsync(stand);

        Task<long> CountAsync() => stand.CountAsync("shop_table");
    }

    static async Task WrongWordsAsync(Stand stand)
    {
        await RefusedAsync(2, "replay takes where to begin:", "replay", "shop");
        await RefusedAsync(2, "replay takes the name of a stream: there are shop", "replay", "--from", "start");
        await RefusedAsync(2, "no stream is called ship: there are shop", "replay", "ship", "--from", "start");
        await RefusedAsync(2, "--from takes an offset, a time, 2h or start, not 'soon'", "replay", "shop", "--from", "soon");
        await RefusedAsync(2, "--to takes an offset, a time or 2h, not 'start'", "replay", "shop", "--from", "3", "--to", "start");
        await RefusedAsync(2, "--to 3 does not lie behind --from 3: give a later one", "replay", "shop", "--from", "3", "--to", "3");
        await RefusedAsync(2, "--partition takes a number from 0, not 'x'", "replay", "shop", "--from", "3", "--partition", "x");
        await RefusedAsync(1, "replay_shop has no partition 7: it has 2, from 0", "replay", "shop", "--from", "3", "--partition", "7");
        await RefusedAsync(1, "shop_parsed is a table of stream shop", "replay", "shop", "--from", "3", "--into", "shop_parsed");
        await RefusedAsync(1, "'a b' is not an identifier", "replay", "shop", "--from", "3", "--into", "a b");

        async Task RefusedAsync(int exitCode, string sentence, params string[] words)
        {
            var result = (await stand.RunAsync(words)).Expect(exitCode);
            Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
            Assert.Equal("", result.Output);
            Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    public void Dispose() => _streams.Dispose();

    static async Task ProduceAsync(string bootstrap)
    {
        var config = new ProducerConfig { BootstrapServers = bootstrap, EnableIdempotence = true };
        using var producer = new ProducerBuilder<Null, string>(config).Build();
        for (var id = 0; id < Records; id++)
        {
            var note = new string('n', id % 150);
            var value = string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"amount":"{{id}}.25","note":"{{note}}"}""");
            producer.Produce(new TopicPartition("replay_shop", id % 2), new Message<Null, string> { Value = value });
            if (id % 50_000 == 0) await Task.Run(() => producer.Flush(TimeSpan.FromSeconds(60)));
        }
        Assert.Equal(0, producer.Flush(TimeSpan.FromSeconds(60)));
    }
}
