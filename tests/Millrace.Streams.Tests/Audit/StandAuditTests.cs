using Millrace.Streams.Audit;
using Millrace.Streams.Kafka;
using Millrace.Streams.Tests.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Audit;

[Collection(EngineCollection.Name)]
public class StandAuditTests(EngineFixture engine, ApacheKafkaProcess kafka) : IClassFixture<ApacheKafkaProcess>
{
    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task Every_record_stored_once_is_no_trouble()
    {
        var stream = (await NewStream()).Produce("a", "b", "c", "d").Commit(3);
        await stream.Store(0, 2);
        await stream.StoreDead(1);

        var report = await Audit(stream);

        var partition = First(report);
        Assert.Equal((4, 2, 1, 0, 0, 1), (partition.Records, partition.Rows, partition.DeadLetters, partition.Missing, partition.StoredTwice, partition.NotYetRead));
        Assert.False(report.HasTrouble);
        Assert.Equal([0, 1, 2], report.Topics.Single().Partitions.Select(other => other.Partition));
    }

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task A_record_stored_nowhere_is_missing_and_named()
    {
        var stream = (await NewStream()).Produce("a", "b", "c", "d", "e", "f").Commit(6);
        await stream.Store(0, 3, 5);

        var partition = First(await Audit(stream));

        Assert.Equal(3, partition.Missing);
        Assert.Equal(["1-2", "4"], partition.MissingRanges.Select(range => range.ToString()));
    }

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task A_record_in_two_rows_or_in_a_row_and_a_dead_letter_is_stored_twice()
    {
        var stream = (await NewStream()).Produce("a", "b", "c").Commit(3);
        await stream.Store(0, 1, 1, 2);
        await stream.StoreDead(2);

        var partition = First(await Audit(stream));

        Assert.Equal((2, 0), (partition.StoredTwice, partition.Missing));
        Assert.True(partition.HasTrouble);
    }

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task Tombstones_and_transaction_markers_are_not_missing()
    {
        var stream = (await NewStream()).Produce("a", null, "").ProduceInTransaction("d").Commit(5);
        await stream.Store(0, 3);

        var partition = First(await Audit(stream));

        Assert.Equal((2, 1, 0), (partition.Tombstones, partition.AbsentOffsets, partition.Missing));
        Assert.False(partition.HasTrouble);
    }

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task Rows_of_a_topic_that_was_made_anew_are_named()
    {
        var stream = (await NewStream()).Produce("a", "b").Commit(2);
        await stream.Store(0, 1, 7);

        Assert.Equal(7, First(await Audit(stream)).StoredBeyondLogEnd);
    }

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task A_stream_nobody_has_read_is_no_trouble()
    {
        var stream = (await NewStream()).Produce("a", "b");

        var report = await Audit(stream);

        Assert.False(report.HasTrouble);
        Assert.Equal((null, 2), (First(report).CommittedOffset, First(report).NotYetRead));
    }

    [Fact]
    public async Task A_kafka_that_is_away_is_one_sentence()
    {
        var stream = await AuditedStream.CreateAsync(engine, "127.0.0.1:1");

        var error = await Assert.ThrowsAsync<KafkaUnavailableException>(() => Audit(stream));

        Assert.StartsWith("no answer from Kafka at 127.0.0.1:1 within 5 s", error.Message, StringComparison.Ordinal);
    }

    Task<AuditedStream> NewStream() => AuditedStream.CreateAsync(engine, kafka.Endpoints.Kafka);

    static Task<AuditReport> Audit(AuditedStream stream) => StandAudit.RunAsync(stream.Endpoints, stream.Catalog, CancellationToken.None);

    static PartitionAudit First(AuditReport report) => report.Topics.Single().Partitions[0];
}
