using System.Diagnostics;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests.Processes;

/// <summary>Queue tables against Apache Kafka itself: how the group sees a host come and go.</summary>
public sealed class QueueTableTests : IDisposable
{
    /// <summary>
    /// Who does not leave the group keeps its partitions for so long: nothing here waits this long. librdkafka allows no more than
    /// max.poll.interval.ms.
    /// </summary>
    const int LongSessionMs = 300_000;

    static readonly TimeSpan WellWithinTheSession = TimeSpan.FromMinutes(2);

    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task After_a_clean_stop_the_next_start_consumes_at_once_and_by_itself()
    {
        await using var kafka = await ApacheKafkaServer.StartAsync();
        await Produce(kafka, 100);
        using (var first = await HostProcess.Start(_directory.Path, sessionTimeoutMs: LongSessionMs))
        {
            await CreateQueue(first, kafka);
            await Rows(first, 100);
            Assert.Equal(0, (await first.Stop()).ExitCode);
        }
        await Produce(kafka, 100);

        using var second = await HostProcess.Start(_directory.Path, sessionTimeoutMs: LongSessionMs);

        await Rows(second, 200);
    }

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task After_a_kill_the_next_start_consumes_by_itself()
    {
        await using var kafka = await ApacheKafkaServer.StartAsync();
        await Produce(kafka, 100);
        using (var first = await HostProcess.Start(_directory.Path))
        {
            await CreateQueue(first, kafka);
            await Rows(first, 100);
            // What is stored and not committed would be read again, and this table keeps it twice.
            await first.Until("SELECT max(num_commits) > 0 FROM system.kafka_consumers WHERE table = 'q'", "1");
            await first.Kill();
        }
        await Produce(kafka, 100);

        using var second = await HostProcess.Start(_directory.Path);

        await Rows(second, 200);
        Assert.Equal("1", await second.Ask("SELECT count() FROM system.kafka_consumers WHERE table = 'q' AND num_messages_read > 0"));
    }

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task A_broker_that_died_does_not_hold_up_the_stop()
    {
        using var host = await HostProcess.Start(_directory.Path);
        await using (var kafka = await ApacheKafkaServer.StartAsync())
        {
            await Produce(kafka, 100);
            await CreateQueue(host, kafka);
            await Rows(host, 100);
        }

        await StopsCleanlyInTime(host);
    }

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task A_view_that_is_still_at_work_does_not_crash_the_end_of_the_process()
    {
        await using var kafka = await ApacheKafkaServer.StartAsync();
        await Produce(kafka, 1);
        using var host = await HostProcess.Start(_directory.Path);
        // One call of one function, for minutes: between blocks is where the engine sees that it is to stop.
        const string Slow = "toString(arrayLevenshteinDistance(range(200000 + length(message)), range(200000))) AS message";
        await CreateQueue(host, kafka, Slow);
        // A consumer that waits for records polls many times a second.
        await host.Until(
            "SELECT count() FROM system.kafka_consumers WHERE table = 'q' AND num_messages_read > 0 AND last_poll_time < now() - 2", "1");

        await StopsCleanlyInTime(host);
    }

    static async Task StopsCleanlyInTime(HostProcess host)
    {
        var (elapsed, exitCode) = await host.Stop();

        Assert.Equal(0, exitCode);
        Assert.True(elapsed < TimeSpan.FromSeconds(30), $"took {elapsed}");
    }

    static async Task CreateQueue(HostProcess host, ApacheKafkaServer kafka, string column = "message")
    {
        await host.Ask($"""
            CREATE TABLE q (message String) ENGINE = Kafka
            SETTINGS kafka_broker_list = '{kafka.Bootstrap}', kafka_topic_list = 'events', kafka_group_name = 'g', kafka_format = 'RawBLOB',
                     kafka_flush_interval_ms = 200, kafka_poll_timeout_ms = 50
            """);
        await host.Ask("CREATE TABLE target (message String) ENGINE = MergeTree ORDER BY message");
        await host.Ask($"CREATE MATERIALIZED VIEW view TO target AS SELECT {column} FROM q");
    }

    static Task Rows(HostProcess host, int count) =>
        Eventually.Gives(() => host.Ask("SELECT count() FROM target"), answer => answer == $"{count}", "rows arrive", WellWithinTheSession);

    static async Task Produce(ApacheKafkaServer kafka, int count)
    {
        string[] arguments = ["-P", "-b", kafka.Bootstrap, "-t", "events"];
        using var kcat = Process.Start(new ProcessStartInfo("kcat", arguments) { RedirectStandardInput = true })!;
        for (var i = 0; i < count; i++) await kcat.StandardInput.WriteLineAsync($"event {i}");
        kcat.StandardInput.Close();
        await kcat.WaitForExitAsync();
        Assert.Equal(0, kcat.ExitCode);
    }
}
