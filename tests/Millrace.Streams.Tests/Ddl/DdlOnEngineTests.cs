using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Types;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Ddl;

[Collection(ServersCollection.Name)]
public class DdlOnEngineTests(ServersFixture servers) : ServersTest(servers)
{
    [Fact]
    public async Task The_shipped_streams_applied_twice_change_nothing_the_second_time()
    {
        var (client, endpoints) = await NewDatabaseAsync();
        using var _ = client;
        var catalog = StreamCatalog.Load(Path.Combine(Repository.Root, "streams"));
        var first = await ApplyAsync(client, endpoints, catalog);
        var second = await ApplyAsync(client, endpoints, catalog);
        Assert.Equal(1 + (3 * 11), first.Statements.Count);
        Assert.Equal("", second.ToString());
    }

    [Fact]
    public async Task Every_type_is_as_the_definition_writes_it()
    {
        var (client, endpoints) = await NewDatabaseAsync();
        using var _ = client;
        string[] types =
        [
            "String", "LowCardinality(String)", "Nullable(UUID)", "Nullable(IPv4)", "Nullable(Bool)", "Nullable(Float64)",
            "Nullable(Decimal(38, 10))", "Nullable(DateTime64(3))", "LowCardinality(Nullable(String))",
            "Int128", "UInt256", "Float32", "Decimal(76,20)", "Date", "Nullable(Date32)", "DateTime", "DateTime('Europe/Berlin')",
            "DateTime64(9, 'UTC')", "Nullable(IPv6)", "FixedString(3)", "LowCardinality(FixedString( 3 ))",
            "Enum('new','paid'=5, 'it\\'s', 'that''s', 'b\\\\c')", "Enum16('a' = 1)", "Enum('far' = 1000)", "Nullable(Enum8('x' = -1))",
            "BFloat16", "Nullable(Time)", "Time64(3)", "JSON", "Nullable(JSON)", "Array(Nullable(Int8))", "Array(Array(Enum('a', 'b')))",
            "Map(LowCardinality(String), Array(JSON))", "Map( Date , Decimal(18,2) )", "Tuple(UInt8, Tuple(Bool))",
            "Tuple(date Date, key String, order UInt8, `select` UInt8, `all` UInt8, `Table` UInt8, `from` UInt8, `distinct` Int8, where Int8)",
            "Tuple(`a b` UInt8, size UInt8, inf UInt8, true UInt8, not UInt8, `1a` UInt8, `@t` UInt8, as UInt8, `it's` Int8, value Int8)",
            "Nested(sku String, parts Nested(name String, count UInt8))",
        ];
        var small = TestStream.Read(TestStream.Small("types"));
        var columns = types.Select((type, i) =>
            new ColumnDefinition($"c{i}", ColumnTypes.Parse(type)!, new ColumnGenerator.FromEvent(EventValue.Uuid), 0));
        var catalog = StreamCatalog.Create([("test.yaml", small with { Columns = [.. small.Columns, .. columns] })]);
        await ApplyAsync(client, endpoints, catalog);
        Assert.True((await DdlPlan.ComputeAsync(client, catalog, endpoints)).IsEmpty);
    }

    [Fact]
    public async Task A_new_column_is_filled_from_the_next_record_on_and_older_rows_have_its_default()
    {
        var (client, endpoints) = await NewDatabaseAsync();
        using var _ = client;
        await ApplyAsync(client, endpoints, TestStream.Catalog(TestStream.Small("widened")));
        TestTopic.Produce(endpoints, "widened", 0, ["""{"id":1,"note":"too early"}"""]);
        await Eventually.Holds(async () => (await NotesAsync(client, "''")).Count == 1, "the first row");

        var widened = TestStream.Small("widened", moreColumns: "  - { name: note, type: String, generate: { choice: [a] } }");
        await ApplyAsync(client, endpoints, TestStream.Catalog(widened));
        TestTopic.Produce(endpoints, "widened", 0, ["""{"id":2,"note":"kept"}"""]);

        Assert.Equal(["", "kept"], await Eventually.Gives(() => NotesAsync(client, "note"), notes => notes.Count == 2, "two rows"));
    }

    [Fact]
    public async Task Setups_at_the_same_time_end_as_one()
    {
        var (client, endpoints) = await NewDatabaseAsync();
        using var _ = client;
        var catalog = TestStream.Catalog(TestStream.Small("crowded"));
        var plans = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ApplyAsync(client, endpoints, catalog)));
        Assert.Equal(12, plans.Sum(plan => plan.Statements.Count));
        Assert.True((await DdlPlan.ComputeAsync(client, catalog, endpoints)).IsEmpty);
    }

    [Fact]
    public async Task Somebody_elses_table_under_the_name_of_the_lock_is_neither_waited_for_nor_dropped()
    {
        var (client, endpoints) = await NewDatabaseAsync();
        using var _ = client;
        await client.ExecuteAsync("CREATE TABLE setup_lock (id UInt64) ENGINE = MergeTree ORDER BY id");
        await client.ExecuteAsync("INSERT INTO setup_lock VALUES (1)");

        var refused = await Assert.ThrowsAsync<DdlRefusedException>(() =>
            ApplyAsync(client, endpoints, TestStream.Catalog(TestStream.Small("locked_out"))).WaitAsync(Eventually.DefaultLimit));

        Assert.StartsWith("setup_lock is not of Millrace's making", refused.Message, StringComparison.Ordinal);
        Assert.Equal("1", (await client.QueryAsync<Text>("SELECT toString(id) AS value FROM setup_lock")).Single().Value);
    }

    [Fact]
    public async Task A_stream_that_is_no_longer_defined_is_not_read_and_goes_on_where_it_stopped()
    {
        var (client, endpoints) = await NewDatabaseAsync();
        using var _ = client;
        var (small, other) = (TestStream.Catalog(TestStream.Small("paused")), TestStream.Catalog(TestStream.Small("paused_other", "other")));
        await ApplyAsync(client, endpoints, small);
        await ApplyAsync(client, endpoints, other);
        TestTopic.Produce(endpoints, "paused", 0, ["""{"id":1}"""]);
        await ApplyAsync(client, endpoints, small);
        Assert.Equal(["1"], await Eventually.Gives(() => NotesAsync(client, "toString(id)"), rows => rows.Count == 1, "the row of meanwhile"));
    }

    async Task<(ClickHouseClient Client, StandEndpoints Endpoints)> NewDatabaseAsync()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        return (new ClickHouseClient(endpoints), endpoints);
    }

    static Task<DdlPlan> ApplyAsync(ClickHouseClient client, StandEndpoints endpoints, StreamCatalog catalog) =>
        DdlPlan.BringUpToDateAsync(client, catalog, endpoints, TimeProvider.System);

    static async Task<IReadOnlyList<string>> NotesAsync(ClickHouseClient client, string expression) =>
        [.. (await client.QueryAsync<Text>($"SELECT {expression} AS value FROM small_table ORDER BY id")).Select(text => text.Value)];

    sealed record Text(string Value);
}
