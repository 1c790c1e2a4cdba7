using Confluent.Kafka;
using Millrace.Streams.Audit;
using Millrace.Streams.Kafka;
using Millrace.Streams.Tests.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Audit;

[Collection(ServersCollection.Name)]
public class StandAuditTests(ServersFixture servers, QuietBroker broker) : ServersTest(servers), IClassFixture<QuietBroker>
{
    [Fact]
    public async Task Every_record_stored_once_is_no_trouble()
    {
        using var stream = (await NewStream()).Produce("a", "b", "c", "d");
        await stream.CommitAsync(3);
        await stream.Store(0, 2);
        await stream.StoreDead(1);

        var report = await Audit(stream);

        var partition = First(report);
        Assert.Equal((4, 2, 1), (partition.Records, partition.Rows, partition.DeadLetters));
        Assert.Equal((0, 0, 1), (partition.Missing, partition.StoredTwice, partition.NotYetRead));
        Assert.False(report.HasTrouble);
        Assert.Equal([0, 1, 2], report.Topics.Single().Partitions.Select(other => other.Partition));
    }

    [Fact]
    public async Task A_record_stored_nowhere_is_missing_and_named()
    {
        using var stream = (await NewStream()).Produce("a", "b", "c", "d", "e", "f");
        await stream.CommitAsync(6);
        await stream.Store(0, 3, 5);

        var partition = First(await Audit(stream));

        Assert.Equal(3, partition.Missing);
        Assert.Equal(["1-2", "4"], partition.MissingRanges.Select(range => range.ToString()));
    }

    [Fact]
    public async Task A_record_in_two_rows_or_two_dead_letters_is_stored_twice_and_one_in_a_row_and_a_dead_letter_once()
    {
        using var stream = (await NewStream()).Produce("a", "b", "c", "d");
        await stream.CommitAsync(4);
        await stream.Store(0, 1, 1, 2);
        await stream.StoreDead(2, 3, 3);

        var partition = First(await Audit(stream));

        Assert.Equal((2, 0), (partition.StoredTwice, partition.Missing));
        Assert.Equal((4, 2), (partition.Rows, partition.DeadLetters));
        Assert.True(partition.HasTrouble);
    }

    /// <summary>The stream got a new table after retention, and an old letter of it was sent again: what lay behind it was in the table of before.</summary>
    [Fact]
    public async Task A_letter_of_long_ago_that_is_a_row_by_now_makes_nothing_missing()
    {
        using var stream = (await NewStream()).Produce("a", "b", "c", "d", "e");
        await stream.CommitAsync(5);
        using var admin = new AdminClientBuilder(new AdminClientConfig(KafkaClientProperties.For(stream.Endpoints))).Build();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(stream.Catalog.Streams[0].Topic, 0, 3)]);
        await stream.StoreDead(0);
        await stream.Store(0, 3, 4);

        var partition = First(await Audit(stream));

        Assert.Equal((3, 0, 0, 0, 0), (partition.Rows, partition.DeadLetters, partition.Missing, partition.Gone, partition.StoredTwice));
        Assert.False(partition.HasTrouble);
    }

    [Fact]
    public async Task Records_without_a_value_are_not_missing()
    {
        using var stream = (await NewStream()).Produce("a", null, "", "d");
        await stream.CommitAsync(4);
        await stream.Store(0, 3);

        var partition = First(await Audit(stream));

        Assert.Equal((2, 0, 0), (partition.Tombstones, partition.AbsentOffsets, partition.Missing));
        Assert.False(partition.HasTrouble);
    }

    [Fact]
    public async Task More_gaps_than_are_looked_at_in_one_go_are_all_looked_at()
    {
        using var stream = (await NewStream()).Produce("a", null, null, "d", "e", "f", null, null, null, "j", null);
        await stream.CommitAsync(11);
        await stream.Store(0, 9);

        var report = await StandAudit.RunAsync(stream.Endpoints, stream.Catalog, mostGaps: 3, readerLimit: null, CancellationToken.None);
        var partition = First(report);

        Assert.Equal((6, 0, 3), (partition.Tombstones, partition.AbsentOffsets, partition.Missing));
        Assert.Equal(["3-5"], partition.MissingRanges.Select(range => range.ToString()));
    }

    [Fact]
    public async Task After_a_table_was_emptied_all_is_missing_and_only_the_first_records_are_looked_at()
    {
        var records = GapSearch.EnoughLost + 5_000;
        using var stream = (await NewStream()).Produce([.. Enumerable.Repeat("a", records)]);
        await stream.CommitAsync(records);

        var report = await StandAudit.RunAsync(
            stream.Endpoints, stream.Catalog, mostGaps: 4_000, readerLimit: null, CancellationToken.None);
        var partition = First(report);

        Assert.Equal((records, records - 12_000), (partition.Missing, partition.NotExamined));
        Assert.Equal([$"0-{records - 1}"], partition.MissingRanges.Select(range => range.ToString()));
    }

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task Transaction_markers_are_not_missing()
    {
        await using var apache = await ApacheKafkaServer.StartAsync();
        using var stream = (await AuditedStream.CreateAsync(Servers, apache.Bootstrap)).ProduceInTransaction("a").ProduceInTransaction("b");
        await stream.CommitAsync(4);
        await stream.Store(0, 2);

        var partition = First(await Audit(stream));

        Assert.Equal((0, 2, 0), (partition.Tombstones, partition.AbsentOffsets, partition.Missing));
        Assert.False(partition.HasTrouble);
    }

    [Fact]
    public async Task Rows_of_a_topic_that_was_made_anew_are_named()
    {
        using var stream = (await NewStream()).Produce("a", "b");
        await stream.CommitAsync(2);
        await stream.Store(0, 1, 7);

        Assert.Equal(7, First(await Audit(stream)).StoredBeyondLogEnd);
    }

    [Fact]
    public async Task A_topic_whose_name_begins_like_Kafkas_own_is_audited()
    {
        using var stream = (await AuditedStream.CreateAsync(Servers, broker.Endpoints.Kafka, topicPrefix: "__")).Produce("a", "b");
        await stream.CommitAsync(2);
        await stream.Store(0);

        var report = await Audit(stream);

        Assert.Equal([0, 1, 2], report.Topics.Single().Partitions.Select(partition => partition.Partition));
        Assert.Equal((2, 1), (First(report).Records, First(report).Missing));
    }

    [Fact]
    public async Task A_stream_nobody_has_read_is_no_trouble()
    {
        using var stream = (await NewStream()).Produce("a", "b");

        var report = await Audit(stream);

        Assert.False(report.HasTrouble);
        Assert.Equal((null, 2), (First(report).CommittedOffset, First(report).NotYetRead));
    }

    [Fact]
    public async Task A_partition_that_stays_without_a_reader_is_trouble_and_named()
    {
        using var stream = (await NewStream()).Produce("a");
        using var consumer = stream.NewMember();
        await Eventually.Holds(() => consumer.Consume(TimeSpan.FromMilliseconds(50)) is not null, "the member reads");

        var unread = Unread(await Audit());
        await stream.ProduceToNewPartitionAsync("b");
        var report = await Audit();

        Assert.Empty(unread);
        Assert.Equal([3], Unread(report));
        Assert.True(report.HasTrouble);

        Task<AuditReport> Audit() =>
            StandAudit.RunAsync(stream.Endpoints, stream.Catalog, mostGaps: 1, readerLimit: TimeSpan.Zero, CancellationToken.None);

        static IEnumerable<int> Unread(AuditReport report) =>
            report.Topics.Single().Partitions.Where(partition => partition.ReadByNobody).Select(partition => partition.Partition);
    }

    [Fact]
    public async Task A_kafka_that_is_away_is_one_sentence()
    {
        using var stream = await AuditedStream.CreateAsync(Servers, "127.0.0.1:1");

        var error = await Assert.ThrowsAsync<KafkaUnavailableException>(() => Audit(stream));

        Assert.StartsWith("no answer from Kafka at 127.0.0.1:1 within 5 s", error.Message, StringComparison.Ordinal);
    }

    Task<AuditedStream> NewStream() => AuditedStream.CreateAsync(Servers, broker.Endpoints.Kafka);

    /// <summary>Without a look at who reads: these streams have no queue table.</summary>
    static Task<AuditReport> Audit(AuditedStream stream) =>
        StandAudit.RunAsync(stream.Endpoints, stream.Catalog, mostGaps: 1_000_000, readerLimit: null, CancellationToken.None);

    static PartitionAudit First(AuditReport report) => report.Topics.Single().Partitions[0];
}
