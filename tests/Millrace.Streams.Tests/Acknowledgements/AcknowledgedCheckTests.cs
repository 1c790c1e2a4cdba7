using Millrace.Streams.Acknowledgements;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Tests.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Acknowledgements;

[Collection(ServersCollection.Name)]
public class AcknowledgedCheckTests(ServersFixture servers) : ServersTest(servers)
{
    [Fact]
    public async Task What_was_acknowledged_is_lost_where_nothing_or_another_record_is_stored_at_its_offset()
    {
        using var stand = await Letters.LetterStand.CreateAsync(Servers, "acknowledged");
        TestTopic.Produce(stand.Endpoints, "acknowledged", 0, ["""{"id":1}""", """{"id":2}""", """{"id":3}""", "no JSON"]);
        using var client = new ClickHouseClient(stand.Endpoints);
        var stream = stand.Catalog.Streams[0];
        var rows = await Eventually.Gives(
            () => client.QueryAsync<Stored>(
                $"SELECT kafka_offset, toUnixTimestamp64Milli(kafka_timestamp) AS milliseconds FROM {stream.TargetTable} "
                + $"UNION ALL SELECT kafka_offset, toUnixTimestamp64Milli(kafka_timestamp) FROM {stream.DeadLetterTable} ORDER BY 1"),
            rows => rows.Count == 4, "all are stored");

        Assert.Empty((await CheckAsync(rows)).Partitions);

        // As if the broker had forgotten the second one, and given its offset to another producer's record.
        var others = Assert.Single((await CheckAsync([rows[0], rows[1] with { Milliseconds = 5 }, .. rows.Skip(2)])).Partitions);
        Assert.Equal((0L, 1L, 1L), (others.Unstored, others.GivenToOthers.Single(), others.Count));

        await client.ExecuteAsync($"DELETE FROM {stream.TargetTable} WHERE kafka_offset = 2");
        var report = await CheckAsync([.. rows, new Stored(4, 0)]);
        Assert.Equal((5L, 3L, 2L), (report.Records, report.Stored, report.Lost));
        Assert.Equal(["2", "4"], report.Partitions.Single().UnstoredRanges.Select(range => range.ToString()));

        Task<AcknowledgedReport> CheckAsync(IEnumerable<Stored> records)
        {
            var acknowledged = new AcknowledgedOffsets();
            foreach (var record in records) acknowledged.Add("acknowledged", 0, record.KafkaOffset, record.Milliseconds);
            return AcknowledgedCheck.RunAsync(stand.Endpoints, stand.Catalog, acknowledged, CancellationToken.None);
        }
    }

    sealed record Stored(long KafkaOffset, long Milliseconds);
}
