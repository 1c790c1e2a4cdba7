using System.Text;
using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Explain;
using Millrace.Streams.Kafka;
using Millrace.Streams.Letters;
using static Millrace.Streams.Tests.Letters.LetterStand;

namespace Millrace.Streams.Tests.Letters;

/// <summary>Dead letters listed, dropped and taken elsewhere.</summary>
[Collection(ServersCollection.Name)]
public class LetterCareTests(ServersFixture servers)
{
    [Fact]
    public async Task A_dropped_letter_keeps_its_place_and_nothing_else_and_no_retry_takes_it()
    {
        using var stand = await CreateAsync(servers, "letters_dropped");
        stand.Produce(0, Event(1), "secret one", Event(2, "1000"), "secret two");
        await stand.HoldsAsync(rows: 1, letters: 3);
        await stand.IsCommittedAsync((0, 4));
        var filter = new LetterFilter { Reason = "not valid JSON" };
        Assert.Equal(2, await LetterDrop.CountAsync(stand.Endpoints, stand.Catalog, "small", filter, CancellationToken.None));

        Assert.Equal(2, await DropAsync(stand, filter));
        Assert.Equal(0, await DropAsync(stand, filter));
        Assert.Equal(0, await stand.CountAsync("dead_letters WHERE message LIKE '%secret%'"));
        Assert.Equal((1, 1, 2, 0, 0), await stand.AuditAsync());
        var explained = (await RecordExplainer.RunAsync(stand.Endpoints, stand.Stream, 0, 1, CancellationToken.None))!;
        Assert.Equal(Verdicts.DeadLetter, explained.Verdict);
        Assert.Contains("dropped at", explained.Sentence, StringComparison.Ordinal);
        await stand.SetUpAsync(stand.Mended());
        var retried = await stand.RetryAsync();
        Assert.Equal((1, 1), (retried.Letters, retried.Passed));
        Assert.Equal((2, 0, 2, 0, 0), await stand.AuditAsync());

        var kinds = await LetterList.ReadAsync(stand.Endpoints, stand.Catalog, null, LetterFilter.All, CancellationToken.None);
        Assert.Equal(
            [("not valid JSON", 0L, 0L, 2L), ("score is not a valid Int8", 0L, 1L, 0L)],
            kinds.Select(kind => (kind.Reason, kind.Waiting, kind.Retried, kind.Dropped)));
        Assert.Equal(["letters_dropped/0/3", "letters_dropped/0/1"], kinds[0].Samples.Select(sample => sample.Id).Order().Reverse());
        stand.Produce(0, "secret three");
        await stand.HoldsAsync(rows: 2, letters: 4);
    }

    /// <summary>A kill left its letter unmarked: its row is there.</summary>
    [Fact]
    public async Task A_letter_that_is_a_row_is_marked_and_not_dropped()
    {
        using var stand = await CreateAsync(servers, "letters_drop_marks");
        stand.Produce(0, Event(1, "1000"), Event(2));
        await stand.HoldsAsync(rows: 1, letters: 1);
        await stand.IsCommittedAsync((0, 2));
        await stand.SetUpAsync(stand.Mended());
        await stand.RetryAsync();
        await stand.Client.ExecuteAsync("ALTER TABLE dead_letters UPDATE retried_at = NULL WHERE true SETTINGS mutations_sync = 1");

        Assert.Equal(0, await DropAsync(stand, LetterFilter.All));
        Assert.Equal(1, await stand.CountAsync("dead_letters WHERE retried_at IS NOT NULL AND message != ''"));
    }

    [Fact]
    public async Task Exported_letters_come_back_as_they_were()
    {
        using var stand = await CreateAsync(servers, "letters_exported");
        var value = (byte[])[0xff, 0, .. "poison"u8];
        using (var producer = new ProducerBuilder<byte[], byte[]>(KafkaClientProperties.For(stand.Endpoints)).Build())
        {
            var headers = new Headers { { "trace", [1, 0xfe] } };
            await producer.ProduceAsync(
                new TopicPartition("letters_exported", 1), new Message<byte[], byte[]> { Key = [0xfd], Value = value, Headers = headers });
        }
        stand.Produce(0, [.. Enumerable.Range(0, 1200).Select(id => $"bad {id}")]);
        await stand.HoldsAsync(rows: 0, letters: 1201);
        List<Letter> letters = [];
        Assert.Equal(1201, await LetterExport.RunAsync(stand.Endpoints, stand.Catalog, null, LetterFilter.All, letters.Add, CancellationToken.None));
        Assert.Equal(Enumerable.Range(0, 1200).Select(id => $"bad {id}"), letters.Take(1200).Select(one => Encoding.UTF8.GetString(one.Value)));
        var last = letters[^1];
        Assert.Equal((1, 0L), (last.Partition, last.Offset));
        Assert.Equal([0xfd], last.Key);
        Assert.Equal(value, last.Value);

        var refused = await Assert.ThrowsAsync<LettersRefusedException>(() => ToTopicAsync(stand, "letters_exported"));
        Assert.Contains("would be new records", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1201, await ToTopicAsync(stand, "letters_taken_out"));
        var records = await ReadAsync(stand, "letters_taken_out", 1201);
        var record = records.Single(one => one.Message.Key is [0xfd]);
        Assert.Equal(value, record.Message.Value);
        Assert.Equal([1, 0xfe], record.Message.Headers.GetLastBytes("trace"));
        Assert.Equal(
            ["letters_exported", "1", "0", "not valid JSON"],
            ((string[])["topic", "partition", "offset", "reason"])
                .Select(name => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(LetterExport.HeaderPrefix + name))));
        Assert.Equal(1201, await stand.CountAsync("dead_letters WHERE retried_at IS NULL AND dropped_at IS NULL"));
    }

    [Fact]
    public async Task Letters_whose_definition_is_gone_are_listed_shown_and_dropped_and_not_retried()
    {
        using var stand = await CreateAsync(servers, "letters_left");
        stand.Produce(0, "poison");
        await stand.HoldsAsync(rows: 0, letters: 1);
        var others = TestStream.Catalog(TestStream.Small("letters_of_others", "others"));
        await stand.SetUpAsync(others);

        var kind = Assert.Single(await LetterList.ReadAsync(stand.Endpoints, others, null, LetterFilter.All, CancellationToken.None));
        Assert.Equal((null, "letters_left", 1), (kind.Stream, kind.Topic, kind.Waiting));
        Assert.NotNull(await LetterReader.FindAsync(stand.Endpoints, others, new LetterId("letters_left", 0, 0), CancellationToken.None));
        Assert.Null(await LetterReader.FindAsync(stand.Endpoints, others, new LetterId("letters_left", 0, 1), CancellationToken.None));
        var gone = await Assert.ThrowsAsync<LettersRefusedException>(
            () => RetryStreams.FindAsync(stand.Endpoints, others, "letters_left", CancellationToken.None));
        Assert.Contains("put the definition back", gone.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<LettersRefusedException>(
            () => RetryStreams.FindAsync(stand.Endpoints, others, "otters", CancellationToken.None));
        Assert.Contains("(did you mean 'others'?)", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(1, await LetterDrop.RunAsync(
            stand.Endpoints, others, "letters_left", LetterFilter.All, TimeProvider.System, CancellationToken.None));
    }

    [Theory]
    [InlineData("orders/0/41", true)]
    [InlineData("a.b-c_d/12/0", true)]
    [InlineData("orders/0", false)]
    [InlineData("orders/0/-1", false)]
    [InlineData("/0/1", false)]
    [InlineData("orders/x/1", false)]
    public void An_id_is_topic_partition_and_offset(string text, bool isOne) => Assert.Equal(isOne ? text : null, LetterId.Parse(text)?.ToString());

    [Theory]
    [InlineData("0:5-9", 0, 5, 9)]
    [InlineData("3:7", 3, 7, 7)]
    [InlineData("0:9-5", -1, 0, 0)]
    [InlineData("0", -1, 0, 0)]
    [InlineData("a:1-2", -1, 0, 0)]
    [InlineData("0:1-2-3", -1, 0, 0)]
    public void A_range_of_offsets_is_inclusive(string text, int partition, long from, long to) =>
        Assert.Equal(partition < 0 ? null : new LetterRange(partition, from, to), LetterRange.Parse(text));

    static Task<long> DropAsync(LetterStand stand, LetterFilter filter) =>
        LetterDrop.RunAsync(stand.Endpoints, stand.Catalog, null, filter, TimeProvider.System, CancellationToken.None);

    static Task<long> ToTopicAsync(LetterStand stand, string topic) =>
        LetterExport.ToTopicAsync(stand.Endpoints, stand.Catalog, "small", LetterFilter.All, topic, CancellationToken.None);

    static Task<List<ConsumeResult<byte[], byte[]>>> ReadAsync(LetterStand stand, string topic, int count) => Task.Run(() =>
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig(KafkaClientProperties.For(stand.Endpoints)) { GroupId = topic }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var records = new List<ConsumeResult<byte[], byte[]>>();
        while (records.Count < count && consumer.Consume(TimeSpan.FromSeconds(30)) is { } record) records.Add(record);
        return records;
    });
}
