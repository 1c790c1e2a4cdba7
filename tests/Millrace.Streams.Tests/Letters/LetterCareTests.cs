using System.Text;
using Confluent.Kafka;
using Millrace.Streams.Ddl;
using Millrace.Streams.Explain;
using Millrace.Streams.Kafka;
using Millrace.Streams.Letters;
using static Millrace.Streams.Tests.Letters.LetterStand;

namespace Millrace.Streams.Tests.Letters;

/// <summary>Dead letters listed, dropped and taken elsewhere.</summary>
[Collection(ServersCollection.Name)]
public class LetterCareTests(ServersFixture servers) : ServersTest(servers)
{
    [Fact]
    public async Task A_dropped_letter_keeps_its_place_and_nothing_else_and_no_retry_takes_it()
    {
        using var stand = await CreateAsync(Servers, "letters_dropped");
        stand.Produce(0, Event(1), "secret one", Event(2, "1000"), "secret two");
        await stand.HoldsAsync(rows: 1, letters: 3);
        await stand.IsCommittedAsync((0, 4));
        var filter = new LetterFilter { Reason = "not valid JSON" };
        Assert.Equal(2, (await CountAsync(stand, filter)).Letters);

        Assert.Equal(2, await DropAsync(stand, filter));
        Assert.Equal(0, await DropAsync(stand, filter));
        Assert.Equal(0, await stand.CountAsync("dead_letters WHERE message LIKE '%secret%' OR reason LIKE '%secret%'"));
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

    /// <summary>A reason quotes up to 100 bytes of a value.</summary>
    [Fact]
    public async Task A_dropped_letter_says_what_was_wrong_without_what_it_quotes()
    {
        using var stand = await CreateAsync(Servers, "letters_dropped_reason");
        stand.Produce(0, Event(1, "\"secret: a; b\""), """{"id":"secret","score":"secret"}""");
        await stand.HoldsAsync(rows: 0, letters: 2);

        Assert.Equal(2, await DropAsync(stand, LetterFilter.All));
        Assert.Equal(1, await stand.CountAsync("dead_letters WHERE reason = 'score is not a valid Int8' AND failed_columns = ['score']"));
        Assert.Equal(
            1, await stand.CountAsync("dead_letters WHERE reason = 'id is not a valid UInt64' AND failed_columns = ['id', 'score']"));
    }

    /// <summary>The user said yes to a number of them.</summary>
    [Fact]
    public async Task Letters_that_came_after_they_were_counted_are_not_dropped()
    {
        using var stand = await CreateAsync(Servers, "letters_dropped_counted");
        stand.Produce(0, "one", "two");
        await stand.HoldsAsync(rows: 0, letters: 2);
        var drop = await CountAsync(stand, LetterFilter.All);
        Assert.Equal(2, drop.Letters);
        stand.Produce(0, "three");
        stand.Produce(1, "four");
        await stand.HoldsAsync(rows: 0, letters: 4);
        // Its flush began before the count, and ended after it.
        await stand.Client.ExecuteAsync(
            "ALTER TABLE dead_letters UPDATE inserted_at = inserted_at - 3600 WHERE message = 'three' SETTINGS mutations_sync = 1");
        // Of an offset below the counted ones, and late.
        await stand.Client.ExecuteAsync(
            "ALTER TABLE dead_letters UPDATE inserted_at = inserted_at + 3600 WHERE message = 'one' SETTINGS mutations_sync = 1");

        Assert.Equal(1, await drop.RunAsync(TimeProvider.System, CancellationToken.None));
        Assert.Equal(1, await stand.CountAsync("dead_letters WHERE dropped_at IS NOT NULL AND kafka_offset = 1"));
        Assert.Equal(3, await stand.CountAsync("dead_letters WHERE message IN ('one', 'three', 'four')"));
    }

    /// <summary>What is beside them is another command's.</summary>
    [Fact]
    public async Task A_drop_looks_for_rows_of_the_letters_that_it_means_alone()
    {
        using var stand = await CreateAsync(Servers, "letters_drop_range");
        stand.Produce(0, Event(1, "1000"), Event(2, "1000"), "poison");
        await stand.HoldsAsync(rows: 0, letters: 3);
        await stand.IsCommittedAsync((0, 3));
        await stand.SetUpAsync(stand.Mended());
        await stand.RetryAsync();
        await stand.Client.ExecuteAsync("ALTER TABLE dead_letters UPDATE retried_at = NULL WHERE true SETTINGS mutations_sync = 1");

        Assert.Equal(1, await DropAsync(stand, new LetterFilter { Offsets = [new LetterRange(0, 1, 2)] }));
        Assert.Equal(1, await stand.CountAsync("dead_letters WHERE retried_at IS NOT NULL AND kafka_offset = 1"));
        Assert.Equal(1, await stand.CountAsync("dead_letters WHERE retried_at IS NULL AND dropped_at IS NULL AND kafka_offset = 0"));
    }

    [Fact]
    public async Task A_drop_and_a_setup_wait_for_the_insert_that_a_killed_retry_left()
    {
        using var stand = await CreateAsync(Servers, "letters_drop_waits");
        stand.Produce(0, [.. Enumerable.Range(1, 10).Select(id => Event(id, "1000"))]);
        await stand.HoldsAsync(rows: 0, letters: 10);
        await stand.IsCommittedAsync((0, 10));
        var left = await stand.LeaveInsertAsync("kafka_offset < 5");
        var impatient = new SecondWay(stand.Client, stand.Endpoints, TimeProvider.System, TimeSpan.Zero);
        var refused = await Assert.ThrowsAsync<DdlRefusedException>(() => impatient.WaitAsync("small_table", CancellationToken.None));
        Assert.Contains("do it again when it has ended", refused.Message, StringComparison.Ordinal);

        Assert.Equal(5, await DropAsync(stand, LetterFilter.All));
        await left;
        Assert.Equal(5, await stand.CountAsync("dead_letters WHERE retried_at IS NOT NULL AND message != ''"));
        Assert.Equal((5, 0, 5, 0, 0), await stand.AuditAsync());
        left = await stand.LeaveInsertAsync("kafka_offset >= 5");
        await stand.SetUpAsync(stand.Mended());
        Assert.True(left.IsCompletedSuccessfully);
    }

    /// <summary>A kill left its letter unmarked: its row is there.</summary>
    [Fact]
    public async Task A_letter_that_is_a_row_is_marked_and_not_dropped()
    {
        using var stand = await CreateAsync(Servers, "letters_drop_marks");
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
        using var stand = await CreateAsync(Servers, "letters_exported");
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
        using var stand = await CreateAsync(Servers, "letters_left");
        stand.Produce(0, "poison");
        await stand.HoldsAsync(rows: 0, letters: 1);
        var others = TestStream.Catalog(TestStream.Small("letters_of_others", "others"));
        await stand.SetUpAsync(others);

        var kind = Assert.Single(await LetterList.ReadAsync(stand.Endpoints, others, null, LetterFilter.All, CancellationToken.None));
        Assert.Equal((null, "letters_left", 1), (kind.Stream, kind.Topic, kind.Waiting));
        Assert.NotNull(await LetterReader.FindAsync(stand.Endpoints, others, new LetterId("letters_left", 0, 0), CancellationToken.None));
        Assert.Null(await LetterReader.FindAsync(stand.Endpoints, others, new LetterId("letters_left", 0, 1), CancellationToken.None));
        var gone = await Assert.ThrowsAsync<LettersRefusedException>(
            () => RetrySource.FindAsync(stand.Endpoints, others, "letters_left", CancellationToken.None));
        Assert.Contains("put the definition back", gone.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<LettersRefusedException>(
            () => RetrySource.FindAsync(stand.Endpoints, others, "otters", CancellationToken.None));
        Assert.Contains("(did you mean 'others'?)", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(1, await DropAsync(stand, LetterFilter.All));
    }

    [Fact]
    public async Task A_name_that_is_a_stream_and_the_topic_of_another_is_refused_and_an_id_means_the_topic()
    {
        using var stand = await CreateAsync(Servers, "letters_names");
        var catalog = TestStream.Catalog(
            TestStream.Small("letters_names_second", "letters_names_first"),
            TestStream.Small("letters_names_first", "letters_names_third"));
        await stand.SetUpAsync(catalog);
        TestTopic.Produce(stand.Endpoints, "letters_names_first", 0, ["of the third"]);
        TestTopic.Produce(stand.Endpoints, "letters_names_second", 0, ["of the first"]);
        await Millrace.Testing.Eventually.Holds(async () => await stand.CountAsync("dead_letters") == 2, "both are letters");

        var refused = await Assert.ThrowsAsync<LettersRefusedException>(() => CountAsync(stand, LetterFilter.All, "letters_names_first"));
        Assert.Equal(
            "letters_names_first is the name of a stream and the topic of stream letters_names_third: name the first by its topic, "
                + "letters_names_second, or the other by its name, letters_names_third",
            refused.Message);
        Assert.Equal(1, (await CountAsync(stand, LetterFilter.All, "letters_names_third")).Letters);
        Assert.Equal(1, (await CountAsync(stand, LetterFilter.All, "letters_names_second")).Letters);
        var letter = await LetterReader.FindAsync(
            stand.Endpoints, catalog, new LetterId("letters_names_first", 0, 0), CancellationToken.None);
        Assert.Equal("of the third"u8.ToArray(), letter!.Value);
        Assert.Equal("letters_names_third", letter.Stream);
    }

    [Theory]
    [InlineData("in_use")]
    [InlineData("nobodys")]
    public async Task Letters_stay_known_when_their_stream_gets_another_table_for_them(string others)
    {
        using var stand = await CreateAsync(Servers, $"letters_moved_{others}");
        stand.Produce(0, Event(1, "1000"), "poison", Event(2));
        await stand.HoldsAsync(rows: 1, letters: 2);
        await stand.IsCommittedAsync((0, 3));
        var moved = "dead_letters: moved_letters\n" + stand.MendedYaml();
        await stand.SetUpAsync(others == "in_use"
            ? TestStream.Catalog(moved, TestStream.Small("letters_moved_beside", "beside"))
            : TestStream.Catalog(moved));
        stand.Produce(0, "poison too");
        await Millrace.Testing.Eventually.Holds(async () => await stand.CountAsync("moved_letters") == 1, "the new table is in use");

        var kinds = await LetterList.ReadAsync(stand.Endpoints, stand.Catalog, "small", LetterFilter.All, CancellationToken.None);
        Assert.Equal(3, kinds.Sum(kind => kind.Waiting));
        Assert.All(kinds, kind => Assert.Equal("small", kind.Stream));
        Assert.NotNull(await LetterReader.FindAsync(
            stand.Endpoints, stand.Catalog, new LetterId($"letters_moved_{others}", 0, 1), CancellationToken.None));
        var sources = await RetrySource.FindAsync(stand.Endpoints, stand.Catalog, "small", CancellationToken.None);
        if (others == "nobodys")
        {
            // It may be a copy that somebody made: it is looked at, and left alone.
            Assert.Equal(["moved_letters"], sources.Select(source => source.Table));
            Assert.Equal(1, await DropAsync(stand, LetterFilter.All));
            Assert.Equal(2, await stand.CountAsync("dead_letters WHERE dropped_at IS NULL AND retried_at IS NULL"));
            return;
        }
        Assert.Equal(["moved_letters", "dead_letters"], sources.Select(source => source.Table));
        Assert.Equal([0L, 1L], await stand.RetryAsync(sources));
        Assert.Equal(["0/0 1 -", "0/2 2 1"], await stand.RowsAsync());
        Assert.Equal(2, await DropAsync(stand, LetterFilter.All));
        Assert.Equal(1, await stand.CountAsync("dead_letters WHERE dropped_at IS NOT NULL"));
    }

    /// <summary>Kafka's clients send no more than a million bytes unless told to, and headers come to what a letter has.</summary>
    [Fact]
    public async Task A_letter_as_large_as_a_topic_takes_is_exported_and_a_larger_one_refused_in_a_sentence()
    {
        using var stand = await CreateAsync(Servers, "letters_large");
        await ProduceLargeAsync(999_950);
        await stand.HoldsAsync(rows: 0, letters: 1);
        Assert.Equal(1, await ToTopicAsync(stand, "letters_large_out"));
        await ProduceLargeAsync(1_048_400);
        await stand.HoldsAsync(rows: 0, letters: 2);

        var refused = await Assert.ThrowsAsync<LettersRefusedException>(() => ToTopicAsync(stand, "letters_large_refused"));
        Assert.StartsWith(
            "letters_large/0/1 is larger than a record of letters_large_refused may be", refused.Message, StringComparison.Ordinal);
        Assert.Contains("raise max.message.bytes of the topic", refused.Message, StringComparison.Ordinal);

        async Task ProduceLargeAsync(int bytes)
        {
            var config = new ProducerConfig(KafkaClientProperties.For(stand.Endpoints)) { MessageMaxBytes = 2_000_000 };
            using var producer = new ProducerBuilder<Null, byte[]>(config).Build();
            await producer.ProduceAsync(new TopicPartition("letters_large", 0), new Message<Null, byte[]> { Value = new byte[bytes] });
        }
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

    static async Task<long> DropAsync(LetterStand stand, LetterFilter filter) =>
        await (await CountAsync(stand, filter)).RunAsync(TimeProvider.System, CancellationToken.None);

    static Task<LetterDrop> CountAsync(LetterStand stand, LetterFilter filter, string? stream = null) =>
        LetterDrop.CountAsync(stand.Endpoints, stand.Catalog, stream, filter, CancellationToken.None);

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
