using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;
using Millrace.Streams.Setup;
using Millrace.Streams.Status;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Setup;

/// <summary>On the real engine and broker. The other stream's rows say that ClickHouse has read on in the meantime.</summary>
[Collection(ServersCollection.Name)]
public class StreamPauseTests(ServersFixture servers) : ServersTest(servers)
{
    const string RequiredColumn = "  - { name: region, type: String, generate: { choice: [north] } }";

    [Fact]
    public async Task What_is_produced_while_a_stream_is_paused_waits_through_setups_and_is_stored_once_when_it_is_resumed()
    {
        using var stand = await Paused.CreateAsync(Servers, "pause_waits");
        await stand.PauseAsync(produced: 10);
        stand.Produce(100);
        await stand.OthersAreReadAsync(1);
        Assert.Equal(10, await stand.RowsAsync());

        var setup = await stand.SetUpAsync(stand.Catalog);
        Assert.True(setup.ChangedNothing, string.Join('\n', setup.Statements));
        await stand.OthersAreReadAsync(2);
        Assert.Equal(10, await stand.RowsAsync());

        Assert.True(await stand.ResumeAsync());
        await stand.IsStoredAsync(110);
    }

    [Fact]
    public async Task To_pause_what_is_paused_and_to_resume_what_is_not_changes_nothing()
    {
        using var stand = await Paused.CreateAsync(Servers, "pause_twice");
        Assert.False(await stand.ResumeAsync());
        await stand.PauseAsync(produced: 1);
        Assert.False(await stand.PauseAsync());
        Assert.True(await stand.ResumeAsync());
        Assert.False(await stand.ResumeAsync());
        stand.Produce(1);
        await stand.IsStoredAsync(2);
    }

    [Fact]
    public async Task A_column_that_was_added_while_a_stream_is_paused_is_in_what_is_read_when_it_is_resumed()
    {
        using var stand = await Paused.CreateAsync(Servers, "pause_edited");
        await stand.PauseAsync(produced: 10);
        stand.Produce(5);
        var wider = stand.With("  - { name: note, type: Nullable(String), generate: { choice: [a] } }");

        var refused = await Assert.ThrowsAsync<PauseRefusedException>(() => stand.ResumeAsync(wider));
        Assert.Contains("carry the edit out (apply)", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty((await stand.SetUpAsync(wider)).Statements);
        Assert.True((await stand.SetUpAsync(wider)).ChangedNothing);
        TestTopic.Produce(stand.Endpoints, stand.Stream.Topic, 0, ["""{"id":900,"note":"b"}"""]);
        await stand.OthersAreReadAsync(1);
        Assert.Equal(10, await stand.RowsAsync());

        Assert.True(await stand.ResumeAsync(wider));
        await stand.IsStoredAsync(16);
        Assert.Equal(1, await stand.RowsAsync(" WHERE note = 'b'"));
    }

    [Fact]
    public async Task A_setup_that_demands_a_column_of_a_paused_stream_waits_for_nobody_and_the_plan_says_that_it_is_paused()
    {
        using var stand = await Paused.CreateAsync(Servers, "pause_demands");
        await stand.PauseAsync(produced: 1);
        stand.Produce(3);
        var wider = stand.With(RequiredColumn);
        using var client = new ClickHouseClient(stand.Endpoints);
        var demand = Assert.Single((await DdlPlan.ComputeAsync(client, wider, stand.Endpoints)).Demands);
        Assert.True(demand.IsPaused);

        // EarlierRecords would wait 60 s for a group that does not get on.
        Assert.InRange((await stand.SetUpAsync(wider)).Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(45));
        Assert.True(await stand.ResumeAsync(wider));
        await Eventually.Holds(async () => await stand.CountAsync("dead_letters") == 3, "what lacks the column is a dead letter");
    }

    [Fact]
    public async Task A_pause_that_broke_off_after_its_first_statement_is_finished_by_the_next_setup()
    {
        using var stand = await Paused.CreateAsync(Servers, "pause_broken_off");
        stand.Produce(10);
        await stand.IsStoredAsync(10);
        await stand.ExecuteAsync(StreamPause.MarkOf(stand.Stream, stand.Endpoints.Identity.Name).CreateSqlWithComment);
        Assert.Equal(2, (await stand.SetUpAsync(stand.Catalog)).Statements.Count);
        stand.Produce(5);
        await stand.OthersAreReadAsync(1);
        Assert.Equal(10, await stand.RowsAsync());
    }

    [Fact]
    public async Task A_resumption_that_broke_off_after_its_first_statement_is_finished_by_the_next_one_and_by_the_next_setup()
    {
        using var stand = await Paused.CreateAsync(Servers, "pause_broken_on");
        await stand.PauseAsync(produced: 1);
        await stand.ExecuteAsync($"DROP TABLE {stand.Stream.PauseMark}");
        Assert.True(await stand.ResumeAsync());
        stand.Produce(1);
        await stand.IsStoredAsync(2);

        Assert.True(await stand.PauseAsync());
        await stand.ExecuteAsync($"DROP TABLE {stand.Stream.PauseMark}");
        await stand.SetUpAsync(stand.Catalog);
        stand.Produce(1);
        await stand.IsStoredAsync(3);
    }

    [Fact]
    public async Task A_paused_stream_is_no_trouble_to_audit_and_status_which_say_that_it_is_paused()
    {
        using var stand = await Paused.CreateAsync(Servers, "pause_shown");
        await stand.PauseAsync(produced: 4);
        stand.Produce(6);
        await stand.OthersAreReadAsync(1);
        // Until then ClickHouse's consumer, which did not leave, counts as a reader.
        using var kafka = new KafkaAdmin(stand.Endpoints);
        await Eventually.Holds(
            async () => (await kafka.ReadersAsync(stand.Endpoints.Identity.Group, [stand.Stream.Topic])).Unread.Count == 2,
            "nobody reads the paused topic", TimeSpan.FromMinutes(1));

        var report = await StandAudit.RunAsync(stand.Endpoints, stand.Catalog, 1, TimeSpan.Zero, CancellationToken.None);
        Assert.False(report.HasTrouble);
        Assert.Equal([true, false], report.Topics.Select(topic => topic.Paused));
        Assert.Equal(
            ["Stream pause_shown is paused, and 6 records of pause_shown wait: go on with  millrace resume pause_shown"],
            AuditSentences.Paused(report, "millrace"));
        Assert.Empty(AuditSentences.Of(report, "millrace"));

        var time = new FakeClock();
        using var reader = new StandStatusReader(stand.Endpoints, stand.Catalog, time);
        await reader.ReadAsync(CancellationToken.None);
        time.Advance(ReaderCheck.Limit);
        var streams = (await reader.ReadAsync(CancellationToken.None)).Streams;
        Assert.Equal([(true, 6L, 0), (false, 0L, 0)], streams.Select(one => (one.Paused, one.Lag ?? -1, one.UnreadPartitions.Count)));
        Assert.All(streams, one => Assert.Null(one.Trouble));
    }

    [Fact]
    public async Task A_topic_that_was_made_anew_while_its_stream_is_paused_keeps_its_records_until_somebody_decides()
    {
        using var stand = await Paused.CreateAsync(Servers, "pause_anew");
        await stand.PauseAsync(produced: 10);
        await TestTopic.RemakeAsync(stand.Endpoints, stand.Stream.Topic, 1);
        stand.Produce(3);

        await Assert.ThrowsAsync<TopicRecreatedException>(() => stand.ResumeAsync());
        Assert.Equal(10, await stand.RowsAsync());
        await stand.ExecuteAsync($"TRUNCATE TABLE {stand.Stream.TargetTable}");
        Assert.True(await stand.ResumeAsync());
        await stand.IsStoredAsync(3);
    }

    [Fact]
    public async Task A_setup_that_waits_for_earlier_records_notices_that_their_stream_is_paused_and_waits_no_more()
    {
        using var stand = await Paused.CreateAsync(Servers, "pause_meanwhile");
        await stand.PauseAsync(produced: 1);
        stand.Produce(5);
        using var client = new ClickHouseClient(stand.Endpoints);
        await using var kafka = new KafkaQuestions(stand.Endpoints, KafkaClientProperties.AnswerLimit);
        var earlier = new EarlierRecords(client, kafka, stand.Endpoints, stand.Catalog, NullLogger.Instance);
        // As it was when the setup began, before the pause.
        var demand = new NewDemand(stand.Stream.Topic, stand.Stream.TargetTable, ["region"], []);

        await earlier.ReadFirstAsync([demand], TimeProvider.System, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task An_edit_of_a_stream_that_was_resumed_meanwhile_waits_for_what_is_in_its_topic()
    {
        using var stand = await Paused.CreateAsync(Servers, "resumed_meanwhile");
        await stand.PauseAsync(produced: 1);
        using var client = new ClickHouseClient(stand.Endpoints);
        var wider = stand.With(RequiredColumn);
        var plan = await DdlPlan.ComputeAsync(client, wider, stand.Endpoints);
        Assert.True(await stand.ResumeAsync());

        Assert.Null(await plan.CarryOutAsync(client, wider, stand.Endpoints, Allowances.None, TimeProvider.System, CancellationToken.None));
        stand.Produce(1);
        await stand.IsStoredAsync(2);
    }

    [Fact]
    public async Task A_stream_that_is_not_set_up_or_another_stands_is_refused_in_a_sentence()
    {
        using var stand = await Paused.CreateAsync(Servers, "pause_refused");
        var unknown = TestStream.Read(TestStream.Small("refused_too", "unknown"));
        foreach (var change in new Func<Task<bool>>[]
        {
            () => StreamPause.PauseAsync(stand.Endpoints, unknown, TimeProvider.System, CancellationToken.None),
            () => StreamResume.RunAsync(
                stand.Endpoints, stand.Catalog, unknown, NullLogger.Instance, TimeProvider.System, CancellationToken.None),
        })
        {
            var refused = await Assert.ThrowsAsync<PauseRefusedException>(change);
            Assert.StartsWith("stream unknown is not set up in ClickHouse yet", refused.Message, StringComparison.Ordinal);
        }
        var other = stand.Endpoints with { Identity = new StandIdentity("other", "other_group") };
        await Assert.ThrowsAsync<DdlRefusedException>(
            () => StreamPause.PauseAsync(other, stand.Stream, TimeProvider.System, CancellationToken.None));
    }

    [Fact]
    public async Task A_table_of_somebody_else_under_the_name_of_the_mark_pauses_nothing()
    {
        using var stand = await Paused.CreateAsync(Servers, "pause_foreign");
        await stand.ExecuteAsync($"CREATE TABLE {stand.Stream.PauseMark} (note String) ENGINE = Null");
        Assert.True((await stand.SetUpAsync(stand.Catalog)).ChangedNothing);
        await Assert.ThrowsAsync<DdlRefusedException>(() => stand.PauseAsync());
        stand.Produce(1);
        await stand.IsStoredAsync(1);
    }

    /// <summary>Two streams, of which the first is the one to pause.</summary>
    sealed class Paused : IDisposable
    {
        readonly ClickHouseClient _client;
        readonly string _name;
        int _next = 1;

        Paused(StandEndpoints endpoints, string name)
        {
            (Endpoints, _name) = (endpoints, name);
            _client = new ClickHouseClient(endpoints);
            Catalog = With("");
        }

        public StandEndpoints Endpoints { get; }

        public StreamCatalog Catalog { get; }

        public StreamDefinition Stream => Catalog.Streams[0];

        string Other => $"{_name}_other";

        public static async Task<Paused> CreateAsync(ServersFixture servers, string name)
        {
            var stand = new Paused(await servers.NewDatabaseAsync(), name);
            await stand.SetUpAsync(stand.Catalog);
            return stand;
        }

        public StreamCatalog With(string moreColumns) =>
            TestStream.Catalog(TestStream.Small(_name, _name, moreColumns), TestStream.Small(Other, Other));

        public Task<SetupReport> SetUpAsync(StreamCatalog catalog) =>
            StandSetup.RunAsync(Endpoints, catalog, NullLogger.Instance, CancellationToken.None);

        /// <summary>Once what was produced before is stored.</summary>
        public async Task PauseAsync(int produced)
        {
            Produce(produced);
            await IsStoredAsync(produced);
            Assert.True(await PauseAsync());
        }

        public Task<bool> PauseAsync() => StreamPause.PauseAsync(Endpoints, Stream, TimeProvider.System, CancellationToken.None);

        /// <param name="edited">The definitions of now; null for those of before.</param>
        public Task<bool> ResumeAsync(StreamCatalog? edited = null) =>
            StreamResume.RunAsync(
                Endpoints, edited ?? Catalog, (edited ?? Catalog).Streams[0], NullLogger.Instance, TimeProvider.System,
                CancellationToken.None);

        public void Produce(int records) =>
            TestTopic.Produce(Endpoints, _name, 0, Enumerable.Range(0, records).Select(_ => $$"""{"id":{{_next++}}}"""));

        /// <summary>ClickHouse has read what was produced into the other topic now, and would have read the paused one too.</summary>
        /// <param name="rows">With those of before.</param>
        public async Task OthersAreReadAsync(long rows)
        {
            TestTopic.Produce(Endpoints, Other, 0, ["""{"id":1}"""]);
            await Eventually.Holds(
                async () => await CountAsync($"{Other}_table") == rows, "the other stream is read", TimeSpan.FromMinutes(1));
        }

        /// <summary>Each once.</summary>
        public async Task IsStoredAsync(long rows)
        {
            await Eventually.Holds(async () => await RowsAsync() >= rows, "the rows are there", TimeSpan.FromMinutes(1));
            await Eventually.Holds(
                async () => (await AuditAsync()).Topics[0].Partitions.Sum(partition => partition.NotYetRead) == 0, "all is committed");
            var audit = await AuditAsync();
            Assert.False(audit.HasTrouble);
            Assert.Equal(rows, await RowsAsync());
        }

        public Task<long> RowsAsync(string where = "") => CountAsync($"{_name}_table{where}");

        public async Task<long> CountAsync(string table) =>
            (await _client.QueryAsync<Count>($"SELECT toInt64(count()) AS rows FROM {table}"))[0].Rows;

        public Task ExecuteAsync(string sql) => _client.ExecuteAsync(sql);

        public void Dispose() => _client.Dispose();

        Task<AuditReport> AuditAsync() => StandAudit.RunAsync(Endpoints, Catalog, 1000, readerLimit: null, CancellationToken.None);

        sealed record Count(long Rows);
    }
}
