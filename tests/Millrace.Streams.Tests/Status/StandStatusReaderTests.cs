using Millrace.Streams.Status;
using Millrace.Streams.Tests.Audit;
using Millrace.Streams.Tests.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Status;

[Collection(ServersCollection.Name)]
public class StandStatusReaderTests(ServersFixture servers, QuietBroker broker) : ServersTest(servers), IClassFixture<QuietBroker>
{
    readonly FakeClock _time = new();

    [Fact]
    public async Task A_status_has_offsets_rows_lag_and_latency()
    {
        // Latency is that of the last seconds: a machine that takes longer from storing to reading tries again.
        var status = await Eventually.Gives(
            NewStatusAsync, status => status.Streams.Single().LatencyP50 is not null, "the rows are recent when the status is read");

        var only = status.Streams.Single();
        Assert.Equal((null, null), (status.KafkaTrouble, status.ClickHouseTrouble));
        Assert.Equal((4, 3, 1, 2, 1), (only.LogEndOffset, only.CommittedOffset, only.Lag, only.Rows, only.DeadLetters));
        Assert.Equal((250.0, 250.0), (only.LatencyP50, only.LatencyP99));
        Assert.Null(only.ProducedPerSecond);

        async Task<StandStatus> NewStatusAsync()
        {
            using var stream = (await AuditedStream.CreateAsync(Servers, broker.Endpoints.Kafka)).Produce("a", "b", "c", "d");
            await stream.CommitAsync(3);
            await stream.Store(0, 2);
            await stream.StoreDead(1);
            using var reader = new StandStatusReader(stream.Endpoints, stream.Catalog, _time);
            return await reader.ReadAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_topic_whose_name_begins_like_Kafkas_own_is_shown()
    {
        using var stream = (await AuditedStream.CreateAsync(Servers, broker.Endpoints.Kafka, topicPrefix: "__")).Produce("a", "b");
        using var reader = new StandStatusReader(stream.Endpoints, stream.Catalog, _time);

        // It would rather say within a second that Kafka is away than wait: on a busy machine it does.
        await Eventually.Holds(
            async () => (await reader.ReadAsync(CancellationToken.None)).Streams.Single().LogEndOffset == 2, "both records are counted");
    }

    [Fact]
    public async Task Rates_are_what_came_since_the_status_before()
    {
        using var stream = (await AuditedStream.CreateAsync(Servers, broker.Endpoints.Kafka)).Produce("a");
        await stream.Store(0);
        using var reader = new StandStatusReader(stream.Endpoints, stream.Catalog, _time);
        await reader.ReadAsync(CancellationToken.None);

        stream.Produce("b", "c", "d", "e");
        await stream.Store(1, 2);
        _time.Advance(TimeSpan.FromSeconds(2));
        var only = (await reader.ReadAsync(CancellationToken.None)).Streams.Single();

        Assert.Equal((2.0, 1.0), (only.ProducedPerSecond, only.RowsPerSecond));
    }

    [Fact]
    public async Task A_partition_that_a_topic_gains_later_is_counted()
    {
        using var stream = (await AuditedStream.CreateAsync(Servers, broker.Endpoints.Kafka)).Produce("a");
        using var reader = new StandStatusReader(stream.Endpoints, stream.Catalog, _time);
        Assert.Equal(1, (await reader.ReadAsync(CancellationToken.None)).Streams.Single().LogEndOffset);

        await stream.ProduceToNewPartitionAsync("b");
        _time.Advance(TimeSpan.FromSeconds(5));

        var status = await reader.ReadAsync(CancellationToken.None);
        Assert.Equal((null, 2), (status.KafkaTrouble, status.Streams.Single().LogEndOffset));
    }

    [Fact]
    public async Task A_partition_that_nobody_has_read_for_a_while_is_named_until_somebody_reads_it()
    {
        using var stream = (await AuditedStream.CreateAsync(Servers, broker.Endpoints.Kafka)).Produce("a");
        using var reader = new StandStatusReader(stream.Endpoints, stream.Catalog, _time);
        Assert.Empty(await UnreadAsync(TimeSpan.Zero));
        Assert.Empty(await UnreadAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal([0, 1, 2], await UnreadAsync(TimeSpan.FromSeconds(10)));

        using var member = stream.NewMember();
        await Eventually.Holds(
            async () =>
            {
                member.Consume(TimeSpan.FromMilliseconds(100));
                return (await UnreadAsync(TimeSpan.FromSeconds(5))).Count == 0;
            },
            "the partitions have a reader");
        member.Close();

        async Task<IReadOnlyList<int>> UnreadAsync(TimeSpan later)
        {
            _time.Advance(later);
            return (await reader.ReadAsync(CancellationToken.None)).Streams.Single().UnreadPartitions;
        }
    }

    [Fact]
    public async Task A_kafka_that_is_away_leaves_the_tables_half_of_the_status()
    {
        using var stream = await AuditedStream.CreateAsync(Servers, "127.0.0.1:1");
        await stream.Store(0, 1);
        using var reader = new StandStatusReader(stream.Endpoints, stream.Catalog, _time);

        var status = await reader.ReadAsync(CancellationToken.None);

        Assert.StartsWith("no answer from Kafka at 127.0.0.1:1 within 1 s:", status.KafkaTrouble, StringComparison.Ordinal);
        Assert.Equal((null, 2), (status.Streams.Single().LogEndOffset, status.Streams.Single().Rows));
    }

    [Fact]
    public async Task A_clickhouse_that_is_away_leaves_the_topics_half_of_the_status()
    {
        using var stream = (await AuditedStream.CreateAsync(Servers, broker.Endpoints.Kafka)).Produce("a");
        using var reader = new StandStatusReader(stream.Endpoints with { ClickHouse = new Uri("http://127.0.0.1:1") }, stream.Catalog, _time);

        var status = await reader.ReadAsync(CancellationToken.None);

        Assert.Contains("no answer from ClickHouse at http://127.0.0.1:1", status.ClickHouseTrouble, StringComparison.Ordinal);
        Assert.Equal((1, null, null), (status.Streams.Single().LogEndOffset, status.Streams.Single().Rows, status.Streams.Single().Paused));
    }

    [Fact]
    public async Task A_clickhouse_that_lets_the_user_not_look_leaves_the_topics_half_of_the_status()
    {
        using var stream = (await AuditedStream.CreateAsync(Servers, broker.Endpoints.Kafka)).Produce("a");
        using var clickHouse = new RefusingClickHouse(
            497,
            "Code: 497. DB::Exception: me: Not enough privileges. To execute this query, it's necessary to have the grant "
            + "SELECT(rows) ON system.parts. (ACCESS_DENIED)");
        using var reader = new StandStatusReader(stream.Endpoints with { ClickHouse = clickHouse.Url }, stream.Catalog, _time);

        var status = await reader.ReadAsync(CancellationToken.None);

        Assert.Contains("GRANT SELECT(rows) ON system.parts", status.ClickHouseTrouble, StringComparison.Ordinal);
        Assert.Equal((1, null), (status.Streams.Single().LogEndOffset, status.Streams.Single().Rows));
    }
}
