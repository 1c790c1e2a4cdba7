using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;
using Millrace.Streams.Setup;
using Millrace.Streams.Tests.Kafka;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Setup;

/// <summary>A group gives each record to one of its members: so it must be the stand's alone.</summary>
[Collection(ServersCollection.Name)]
public class GroupCheckTests(ServersFixture servers) : ServersTest(servers)
{
    [Fact]
    public async Task A_second_stand_in_the_group_of_the_first_is_refused_and_one_in_a_group_of_its_own_gets_every_record()
    {
        var (first, second) = (await Servers.NewDatabaseAsync(), await Servers.NewDatabaseAsync());
        var catalog = TestStream.Catalog(TestStream.Small("read_twice"));
        await SetUpAsync(first, catalog);
        await JoinedAsync(first, members: 1);
        TestTopic.Produce(first, "read_twice", 0, ["""{"id":1}""", """{"id":2}"""]);

        var refused = await RefusedAsync(second with { Identity = first.Identity }, catalog);
        Assert.StartsWith($"The consumer group {first.Identity.Group} is also read by ClickHouse-", refused, StringComparison.Ordinal);
        Assert.Contains(
            $"-{first.Database}-small_queue at 127.0.0.1, which is no queue table of this stand", refused, StringComparison.Ordinal);
        Assert.EndsWith("choose another group with --group NAME", refused, StringComparison.Ordinal);

        await SetUpAsync(second, catalog);
        foreach (var endpoints in new[] { first, second }) await StoredAsync(endpoints, [1, 2]);
        Assert.True((await SetUpAsync(first, catalog)).ChangedNothing);
    }

    [Fact]
    public async Task A_consumer_that_is_not_ClickHouse_is_refused_by_its_name_whenever_setup_runs()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(TestStream.Small("tapped"));
        await SetUpAsync(endpoints, catalog);
        await JoinedAsync(endpoints, members: 1);
        using var consumer = NewConsumer(endpoints, "somebody");
        consumer.Subscribe("tapped");
        await JoinedAsync(endpoints, members: 2, poll: consumer);
        Assert.Contains("is also read by somebody at 127.0.0.1", await RefusedAsync(endpoints, catalog), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_group_reads_everything_again_and_stores_nothing_twice()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(TestStream.Small("regrouped"));
        await SetUpAsync(endpoints, catalog);
        TestTopic.Produce(endpoints, "regrouped", 0, ["""{"id":1}""", """{"id":2}"""]);
        await StoredAsync(endpoints, [1, 2]);

        var renamed = endpoints with { Identity = endpoints.Identity with { Group = $"{endpoints.Identity.Group}_anew" } };
        Assert.Equal(["DROP", "CREATE"], (await SetUpAsync(renamed, catalog)).Statements.Select(statement => statement.Sql.Split(' ')[0]));
        await CommittedAsync(renamed, "regrouped", 2);
        TestTopic.Produce(endpoints, "regrouped", 0, ["""{"id":3}"""]);
        await StoredAsync(renamed, [1, 2, 3]);
    }

    [Fact]
    public async Task A_member_that_may_be_a_dead_consumer_of_ours_is_waited_for_and_refused_when_it_stays()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(TestStream.Small("twin"));
        using var client = new ClickHouseClient(endpoints);
        using var kafka = new KafkaQuestions(endpoints, KafkaClientProperties.AnswerLimit);
        await new TopicSetup(kafka, TimeProvider.System).CreateMissingAsync(catalog, new Dictionary<string, int>());
        var host = (await client.QueryAsync<Host>("SELECT FQDN() AS name")).Single().Name;
        var consumer = NewConsumer(endpoints, $"ClickHouse-{host}-{endpoints.Database}-small_queue");
        consumer.Subscribe("twin");
        await JoinedAsync(endpoints, members: 1, poll: consumer);

        var check = new GroupCheck(client, kafka, endpoints, catalog, NullLogger.Instance);
        var group = await kafka.AskGroupAsync(endpoints.Identity.Group, CancellationToken.None);
        var state = await DatabaseState.ReadAsync(client, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<GroupTakenException>(
            () => check.RunAsync(group, state, TimeSpan.Zero, TimeProvider.System, CancellationToken.None));
        Assert.Contains("called like a queue table of this stand, yet is another's", refused.Message, StringComparison.Ordinal);

        var setup = SetUpAsync(endpoints, catalog);
        consumer.Dispose();
        Assert.Equal(12, (await setup).Statements.Count);
    }

    [Fact]
    public async Task The_consumer_of_a_stream_that_was_removed_is_waited_for_by_the_setup_after_next()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var kept = TestStream.Small("kept", "kept");
        await SetUpAsync(endpoints, TestStream.Catalog(kept, TestStream.Small("removed", "removed")));
        using var kafka = new KafkaQuestions(endpoints, KafkaClientProperties.AnswerLimit);
        await Eventually.Holds(
            async () => (await kafka.AskGroupAsync(endpoints.Identity.Group, CancellationToken.None))?.Members.Count == 2, "both are members");

        Assert.NotEmpty((await SetUpAsync(endpoints, TestStream.Catalog(kept))).Statements);
        Assert.True((await SetUpAsync(endpoints, TestStream.Catalog(kept))).ChangedNothing);
        Assert.Single((await kafka.AskGroupAsync(endpoints.Identity.Group, CancellationToken.None))!.Members);
    }

    [Fact]
    public async Task A_Kafka_that_does_not_say_who_is_left_is_asked_again_and_the_member_is_refused_in_the_end()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(TestStream.Small("silent"));
        using var client = new ClickHouseClient(endpoints);
        using var nobody = new KafkaQuestions(endpoints with { Kafka = "127.0.0.1:1" }, TimeSpan.FromSeconds(2));
        var host = (await client.QueryAsync<Host>("SELECT FQDN() AS name")).Single().Name;
        var member = new GroupMemberInfo("id", $"ClickHouse-{host}-{endpoints.Database}-small_queue", "/127.0.0.1", [], []);
        var found = new GroupInfo(null, endpoints.Identity.Group, new Error(ErrorCode.NoError), "Stable", "consumer", "range", [member]);
        var check = new GroupCheck(client, nobody, endpoints, catalog, NullLogger.Instance);
        var state = await DatabaseState.ReadAsync(client, CancellationToken.None);
        await Assert.ThrowsAsync<GroupTakenException>(
            () => check.RunAsync(found, state, TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None));
    }

    [Fact]
    public async Task A_new_table_in_a_group_that_has_read_before_gets_the_records_from_the_start()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(TestStream.Small("read_before"));
        TestTopic.Produce(endpoints, "read_before", 0, ["""{"id":1}""", """{"id":2}"""]);
        await GroupOffsets.CommitAsync(endpoints, endpoints.Identity.Group, new TopicPartitionOffset("read_before", 0, 2));
        var log = new LineLogger();

        await StandSetup.RunAsync(endpoints, catalog, log, CancellationToken.None);

        Assert.Contains(
            log.Lines,
            line => line == $"small_table is new: group {endpoints.Identity.Group} reads read_before from its start again, 2 records");
        await StoredAsync(endpoints, [1, 2]);
    }

    [Fact]
    public async Task A_stream_that_is_given_a_new_table_while_another_reads_on_gets_all_of_its_topic_into_it()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var (one, other) = (TestStream.Small("moved"), TestStream.Small("stays", name: "other"));
        await SetUpAsync(endpoints, TestStream.Catalog(one, other));
        TestTopic.Produce(endpoints, "moved", 0, ["""{"id":1}""", "none", """{"id":2}"""]);
        await StoredAsync(endpoints, [1, 2]);
        await CommittedAsync(endpoints, "moved", 3);

        var moved = TestStream.Catalog(one.Replace("small_table", "moved_table", StringComparison.Ordinal), other);
        await SetUpAsync(endpoints, moved);
        TestTopic.Produce(endpoints, "moved", 0, ["""{"id":3}"""]);

        await StoredAsync(endpoints, [1, 2, 3], "moved_table");
        await CommittedAsync(endpoints, "moved", 4);
        var audit = await StandAudit.RunAsync(endpoints, moved, CancellationToken.None);
        Assert.False(audit.HasTrouble);
        Assert.Equal((3, 1), (audit.Topics[0].Partitions[0].Rows, audit.Topics[0].Partitions[0].DeadLetters));
    }

    static Task<SetupReport> SetUpAsync(StandEndpoints endpoints, StreamCatalog catalog) =>
        StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);

    /// <summary>It does not leave when it is disposed of: the broker has to find out.</summary>
    static IConsumer<Ignore, Ignore> NewConsumer(StandEndpoints endpoints, string clientId)
    {
        var config = new ConsumerConfig(KafkaClientProperties.For(endpoints))
        {
            GroupId = endpoints.Identity.Group,
            ClientId = clientId,
            SessionTimeoutMs = 6000,
        };
        return new ConsumerBuilder<Ignore, Ignore>(config).Build();
    }

    static async Task<string> RefusedAsync(StandEndpoints endpoints, StreamCatalog catalog) =>
        (await Assert.ThrowsAsync<GroupTakenException>(() => SetUpAsync(endpoints, catalog))).Message;

    static async Task JoinedAsync(StandEndpoints endpoints, int members, IConsumer<Ignore, Ignore>? poll = null)
    {
        using var admin = new KafkaAdmin(endpoints);
        await Eventually.Holds(async () =>
        {
            poll?.Consume(TimeSpan.Zero);
            var group = (await admin.ListGroupsAsync()).SingleOrDefault(group => group.GroupId == endpoints.Identity.Group);
            return group?.Members.Count == members;
        }, $"{members} in the group");
    }

    static async Task CommittedAsync(StandEndpoints endpoints, string topic, long offset)
    {
        using var kafka = new KafkaAdmin(endpoints);
        var partition = new TopicPartition(topic, 0);
        await Eventually.Holds(
            async () => (await kafka.Offsets.CommittedAsync(endpoints.Identity.Group, [partition])).GetValueOrDefault(partition) == offset,
            "the offset is committed");
    }

    static async Task StoredAsync(StandEndpoints endpoints, int[] ids, string table = "small_table")
    {
        using var client = new ClickHouseClient(endpoints);
        var query = $"SELECT toInt32(id) AS id FROM {table} ORDER BY id";
        var rows = await Eventually.Gives(() => client.QueryAsync<Row>(query), rows => rows.Count >= ids.Length, "the rows");
        Assert.Equal(ids, rows.Select(row => row.Id));
    }

    sealed record Row(int Id);

    sealed record Host(string Name);

    sealed class LineLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
