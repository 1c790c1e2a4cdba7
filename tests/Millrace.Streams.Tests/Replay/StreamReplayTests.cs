using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.Ddl;
using Millrace.Streams.Kafka;
using Millrace.Streams.Letters;
using Millrace.Streams.Replay;
using Millrace.Streams.Setup;
using Millrace.Streams.Tests.Letters;
using Millrace.Testing;
using static Millrace.Streams.Tests.Letters.LetterStand;

namespace Millrace.Streams.Tests.Replay;

/// <summary>Records read from the log once more: docs/decisions/0021-replay.md.</summary>
[Collection(ServersCollection.Name)]
public class StreamReplayTests(ServersFixture servers) : ServersTest(servers)
{
    /// <summary>Yesterday's.</summary>
    static readonly DateTimeOffset Noon = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero).AddHours(-12);

    [Theory]
    [InlineData("ALTER TABLE small_table DELETE WHERE {0} SETTINGS mutations_sync = 1", "altered")]
    [InlineData("DELETE FROM small_table WHERE {0}", "deleted")]
    public async Task Rows_that_were_deleted_come_back_once_and_the_flow_goes_on(string delete, string how)
    {
        using var stand = await CreateAsync(Servers, $"replay_{how}");
        string?[] values = [Event(1), Event(2), "poison", null, Event(3, "1000"), "", Event(4)];
        TestTopic.Produce(
            stand.Endpoints, stand.Stream.Topic, 0, values.Select(value => value is null ? null : Encoding.UTF8.GetBytes(value)));
        stand.Produce(1, Event(5), Event(6), Event(7));
        await stand.HoldsAsync(rows: 6, letters: 2);
        await stand.IsCommittedAsync((0, 7), (1, 3));
        var rows = await stand.RowsAsync();
        // The last of a partition too: the filter of decision 0002 knows of none past it then.
        await stand.Client.ExecuteAsync(string.Format(CultureInfo.InvariantCulture, delete, "id IN (1, 4, 6, 7)"));
        Assert.Equal(["0/1 2 1", "1/0 5 1"], await stand.RowsAsync());

        var forecast = await stand.ReplayAsync(new ReplayOrder { IsDry = true });
        Assert.Equal((4, 2, 2, 0, 2, 0), Outcome(forecast));
        Assert.Equal(["not valid JSON", "score is not a valid Int8"], forecast.Reasons.Select(reason => reason.Reason).Order());
        Assert.Equal(Outcome(forecast), Outcome(await stand.ReplayAsync()));
        Assert.Equal(rows, await stand.RowsAsync());
        Assert.Equal((6, 2, 0, 0, 0), await stand.AuditAsync());
        Assert.Equal((0, 6, 2, 0, 2, 0), Outcome(await stand.ReplayAsync(batch: 100)));
        Assert.Equal(rows, await stand.RowsAsync());
        stand.Produce(0, Event(8));
        stand.Produce(1, Event(9), "poison");
        await stand.HoldsAsync(rows: 8, letters: 3);
        Assert.Equal((8, 3, 0, 0, 0), await stand.AuditAsync());
    }

    [Fact]
    public async Task Another_table_is_made_and_filled_once_and_nothing_else_changes()
    {
        using var stand = await CreateAsync(Servers, "replay_into");
        stand.Produce(0, Event(1), "poison", Event(2, "1000"), Event(3), "secret");
        await stand.HoldsAsync(rows: 2, letters: 3);
        await stand.IsCommittedAsync((0, 5));
        var drop = await LetterDrop.CountAsync(
            stand.Endpoints, stand.Catalog, null, new LetterFilter { Offsets = [new LetterRange(0, 2, 2)] }, CancellationToken.None);
        Assert.Equal(1, await drop.RunAsync(TimeProvider.System, CancellationToken.None));
        await stand.SetUpAsync(stand.Mended());
        var order = new ReplayOrder { Into = "second_table" };

        // What was given up stays so, and is not read out of the topic.
        var forecast = await stand.ReplayAsync(order with { IsDry = true });
        Assert.Equal((2, 0, 2, 0, 0, 0), Outcome(forecast));
        Assert.Equal(1, forecast.Dropped);
        Assert.Equal(0, await stand.CountAsync("system.tables WHERE name = 'second_table' AND database = currentDatabase()"));
        Assert.Equal(Outcome(forecast), Outcome(await stand.ReplayAsync(order)));
        Assert.Equal(["0/0 1 1", "0/3 3 1"], await stand.RowsAsync("second_table"));
        Assert.Equal((0, 2, 2, 0, 0, 0), Outcome(await stand.ReplayAsync(order)));
        Assert.Equal(["0/0 1 1", "0/3 3 1"], await stand.RowsAsync("second_table"));
        Assert.Equal(["0/0 1 1", "0/3 3 1"], await stand.RowsAsync());
        Assert.Equal((2, 2, 1, 0, 0), await stand.AuditAsync());

        await RefusedAsync("dead_letters", "is a table of stream small");
        await RefusedAsync("small_parsed", "is a table of stream small");
        await stand.Client.ExecuteAsync(
            "CREATE TABLE strange (id UInt64) ENGINE = MergeTree ORDER BY id COMMENT 'millrace stand millrace'");
        await RefusedAsync("strange", "has other columns than the definition of stream small");

        async Task RefusedAsync(string into, string why) => Assert.Contains(
            why,
            (await Assert.ThrowsAsync<ReplayRefusedException>(() => stand.ReplayAsync(new ReplayOrder { Into = into }))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offsets_times_and_partitions_choose()
    {
        using var stand = await CreateAsync(Servers, "replay_ranges");
        TestTopic.Produce(stand.Endpoints, "replay_ranges", 0, Enumerable.Range(0, 10).Select(id => Event(id)), Noon);
        TestTopic.Produce(stand.Endpoints, "replay_ranges", 1, Enumerable.Range(10, 3).Select(id => Event(id)), Noon.AddHours(-1));
        await stand.HoldsAsync(rows: 13, letters: 0);
        await stand.IsCommittedAsync((0, 10), (1, 3));
        await stand.Client.ExecuteAsync("TRUNCATE TABLE small_table");

        await AddsAsync(Offsets(2, 4) with { Partitions = [0] }, ["0/2", "0/3"]);
        await AddsAsync(new ReplayOrder { From = At(Noon.AddMilliseconds(8)) }, ["0/2", "0/3", "0/8", "0/9"]);
        await AddsAsync(
            new ReplayOrder { From = At(Noon.AddHours(-2)), To = At(Noon) }, ["0/2", "0/3", "0/8", "0/9", "1/0", "1/1", "1/2"]);
        await AddsAsync(new ReplayOrder { From = At(Noon.AddHours(1)) }, ["0/2", "0/3", "0/8", "0/9", "1/0", "1/1", "1/2"]);
        Assert.Equal(6, (await stand.ReplayAsync()).Added);
        Assert.Equal((13, 0, 0, 0, 0), await stand.AuditAsync());
        var refused = await Assert.ThrowsAsync<ReplayRefusedException>(() => stand.ReplayAsync(new ReplayOrder { Partitions = [7] }));
        Assert.Equal("replay_ranges has no partition 7: it has 2, from 0", refused.Message);

        static ReplayOrder Offsets(long from, long to) =>
            new() { From = new ReplayPoint.AtOffset(from), To = new ReplayPoint.AtOffset(to) };

        static ReplayPoint At(DateTimeOffset time) => new ReplayPoint.AtTime(time);

        async Task AddsAsync(ReplayOrder order, string[] places)
        {
            await stand.ReplayAsync(order);
            Assert.Equal(places, (await stand.RowsAsync()).Select(row => row.Split(' ')[0]));
        }
    }

    /// <summary>A record that has neither row nor letter would be missing.</summary>
    [Fact]
    public async Task A_letter_that_was_deleted_comes_back_and_one_that_passes_now_becomes_a_row()
    {
        using var stand = await CreateAsync(Servers, "replay_letters");
        stand.Produce(0, "poison", Event(1, "1000"), "poison too", Event(2));
        await stand.HoldsAsync(rows: 1, letters: 3);
        await stand.IsCommittedAsync((0, 4));
        await stand.Client.ExecuteAsync("DELETE FROM dead_letters WHERE kafka_offset = 0");
        await stand.SetUpAsync(stand.Mended());

        var forecast = await stand.ReplayAsync(new ReplayOrder { IsDry = true });
        Assert.Equal((1, 1, 1, 1, 0, 0), Outcome(forecast));
        Assert.Equal(Outcome(forecast), Outcome(await stand.ReplayAsync()));
        Assert.Equal(["0/1 1 -", "0/3 2 1"], await stand.RowsAsync());
        Assert.Equal(1, await stand.CountAsync(
            "dead_letters WHERE kafka_offset = 0 AND message = 'poison' AND reason = 'not valid JSON' AND headers_kept"));
        Assert.Equal(1, await stand.CountAsync("dead_letters WHERE kafka_offset = 1 AND retried_at IS NOT NULL"));
        Assert.Equal((2, 2, 0, 0, 0), await stand.AuditAsync());
        Assert.Equal((0, 2, 2, 0, 0, 0), Outcome(await stand.ReplayAsync()));
        stand.Produce(0, "poison three");
        await stand.HoldsAsync(rows: 2, letters: 4);
    }

    [Fact]
    public async Task Key_headers_and_timestamp_are_what_the_flow_sees()
    {
        using var stand = await CreateAsync(Servers, "replay_headers");
        await stand.SetUpAsync(stand.Mended(
            """
              - { name: source, type: String, from: "header:source", missing: default }
              - { name: who, type: String, from: key, missing: default }
              - { name: moment, type: DateTime64(3), from: timestamp }
            """));
        using (var producer = new ProducerBuilder<string?, string>(KafkaClientProperties.For(stand.Endpoints)).Build())
        {
            var headers = new Headers { { "source", "old"u8.ToArray() }, { "source", "wëb"u8.ToArray() }, { "none", null } };
            var place = new TopicPartition("replay_headers", 0);
            await producer.ProduceAsync(place, new Message<string?, string>
            {
                Key = new string('k', 300),
                Value = Event(1),
                Headers = headers,
                Timestamp = new Timestamp(Noon),
            });
            await producer.ProduceAsync(place, new Message<string?, string> { Value = Event(2), Timestamp = new Timestamp(Noon) });
        }
        await stand.HoldsAsync(rows: 2, letters: 0);
        await stand.IsCommittedAsync((0, 2));
        await stand.ReplayAsync(new ReplayOrder { Into = "read_again" });
        Assert.Equal(1, await stand.CountAsync($"(SELECT 1) WHERE ({All("small_table")}) = ({All("read_again")})"));
        Assert.Equal(1, await stand.CountAsync("read_again WHERE source = 'wëb' AND length(who) = 300"));

        static string All(string table) => $"SELECT groupArray(tuple(* EXCEPT inserted_at)) FROM (SELECT * FROM {table} ORDER BY id)";
    }

    [Fact]
    public async Task What_the_stream_has_not_read_is_left_to_it()
    {
        using var stand = await CreateAsync(Servers, "replay_ahead");
        stand.Produce(0, Event(1), Event(2), "poison", Event(3));
        await stand.HoldsAsync(rows: 3, letters: 1);
        await stand.IsCommittedAsync((0, 4));
        Assert.True(await StreamPause.PauseAsync(stand.Endpoints, stand.Stream, TimeProvider.System, CancellationToken.None));
        stand.Produce(0, Event(4), Event(5));
        await stand.Client.ExecuteAsync("DELETE FROM small_table WHERE id IN (1, 3)");
        await stand.Client.ExecuteAsync("DELETE FROM dead_letters WHERE true");
        var nobody = stand.Endpoints with { Identity = stand.Endpoints.Identity with { Group = "replay_ahead_nobody" } };

        // By what is stored alone: the row of offset 1 says that offset 0 was read, and nothing of letters.
        var report = await stand.ReplayAsync(by: nobody);
        Assert.Equal((1, 4), (report.Added, report.Ahead));
        report = await stand.ReplayAsync();
        Assert.Equal((1, 1, 2), (report.Added, report.DeadLetters, report.Ahead));
        Assert.Equal(["0/0 1 1", "0/1 2 1", "0/3 3 1"], await stand.RowsAsync());
        Assert.True(await StreamResume.RunAsync(
            stand.Endpoints, stand.Catalog, stand.Stream, NullLogger.Instance, TimeProvider.System, CancellationToken.None));
        await stand.HoldsAsync(rows: 5, letters: 1);
        Assert.Equal((5, 1, 0, 0, 0), await stand.AuditAsync());
    }

    [Fact]
    public async Task Records_that_retention_has_taken_are_told()
    {
        using var stand = await CreateAsync(Servers, "replay_retention");
        TestTopic.Produce(stand.Endpoints, "replay_retention", 0, Enumerable.Range(0, 10).Select(id => Event(id)), Noon);
        await stand.HoldsAsync(rows: 10, letters: 0);
        await stand.IsCommittedAsync((0, 10));
        await stand.Client.ExecuteAsync("TRUNCATE TABLE small_table");
        using (var admin = new AdminClientBuilder(new AdminClientConfig(KafkaClientProperties.For(stand.Endpoints))).Build())
            await admin.DeleteRecordsAsync([new TopicPartitionOffset("replay_retention", 0, 6)]);

        var report = await stand.ReplayAsync(new ReplayOrder { From = new ReplayPoint.AtOffset(4), IsDry = true });
        Assert.Equal((4, 6, 10, true), Of(report));
        report = await stand.ReplayAsync(new ReplayOrder { From = new ReplayPoint.AtTime(Noon.AddHours(-1)), IsDry = true });
        Assert.Equal((4, 6, 10, true), Of(report));
        report = await stand.ReplayAsync();
        Assert.Equal((4, 6, 10, false), Of(report));

        static (long Added, long From, long To, bool IsCut) Of(ReplayReport report) =>
            report.Partitions[0] is var one ? (report.Added, one.From, one.To, one.IsCut) : default;
    }

    /// <summary>Two replays and a flow at once, one of them broken off and begun again.</summary>
    [Fact]
    public async Task A_hole_is_filled_in_the_midst_of_the_flow_and_nothing_is_stored_twice()
    {
        using var stand = await CreateAsync(Servers, "replay_live");
        var next = 0;
        Produce(3000);
        await stand.HoldsAsync(rows: 3000, letters: 0);
        await Eventually.Holds(async () => (await stand.ReplayAsync(new ReplayOrder { IsDry = true })).Ahead == 0, "all is committed");
        await stand.Client.ExecuteAsync("DELETE FROM small_table WHERE id % 3 = 0 OR id > 2500");
        using var flow = new CancellationTokenSource();
        var flowing = Task.Run(async () =>
        {
            for (; !flow.IsCancellationRequested; await Task.Delay(10)) Produce(40);
        });
        using var cut = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stand.ReplayAsync(
            progress: progress => { if (progress.Done > progress.Total / 3) cut.Cancel(); }, batch: 200, cancellation: cut.Token));
        var reports = await Task.WhenAll(stand.ReplayAsync(batch: 300), stand.ReplayAsync(batch: 500));
        await flow.CancelAsync();
        await flowing;

        Assert.True(reports.Sum(report => report.Added) > 500);
        await stand.HoldsAsync(rows: next, letters: 0);
        Assert.Equal((next, 0, 0, 0, 0), await stand.AuditAsync());
        Assert.Equal(next, await stand.CountAsync("(SELECT DISTINCT id FROM small_table)"));

        void Produce(int count)
        {
            var values = Enumerable.Range(next, count).ToLookup(id => id % 2, id => Event(id));
            next += count;
            foreach (var partition in values) stand.Produce(partition.Key, [.. partition]);
        }
    }

    [Fact]
    public async Task A_definition_that_is_not_carried_out_and_a_topic_that_was_made_anew_are_refused()
    {
        using var stand = await CreateAsync(Servers, "replay_refused");
        stand.Produce(0, Event(1), Event(2));
        await stand.HoldsAsync(rows: 2, letters: 0);
        await stand.IsCommittedAsync((0, 2));
        var refused = await Assert.ThrowsAsync<ReplayRefusedException>(() => StreamReplay.RunAsync(
            stand.Endpoints, stand.Mended(), stand.Mended().Streams[0], new ReplayOrder(), null, TimeProvider.System,
            CancellationToken.None));
        Assert.Contains("carry the edit out (apply), then replay", refused.Message, StringComparison.Ordinal);
        Assert.True(await StreamPause.PauseAsync(stand.Endpoints, stand.Stream, TimeProvider.System, CancellationToken.None));
        await TestTopic.RemakeAsync(stand.Endpoints, "replay_refused", 2);
        await Assert.ThrowsAsync<TopicRecreatedException>(() => stand.ReplayAsync(new ReplayOrder { IsDry = true }));
    }

    static (long Added, long Stored, long Refused, long DeadLetters, long Empty, long Ahead) Outcome(ReplayReport report) =>
        (report.Added, report.Stored, report.Refused, report.DeadLetters, report.Empty, report.Ahead);
}
