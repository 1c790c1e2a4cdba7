using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Ddl;

/// <summary>Whose objects they are: docs/decisions/0006-stand-names.md.</summary>
[Collection(ServersCollection.Name)]
public class StandsInOneDatabaseTests(ServersFixture servers) : ServersTest(servers)
{
    [Fact]
    public async Task Another_catalogue_drops_nothing_of_the_stand_whose_database_it_is()
    {
        var mine = await Servers.NewDatabaseAsync();
        using var client = new ClickHouseClient(mine);
        await ApplyAsync(client, mine, Catalog("shared_a", "sales"));
        var other = As(mine, "other");

        var plan = await ApplyAsync(client, other, Catalog("shared_b", "visits", "visits_dead_letters"));

        Assert.DoesNotContain(plan.Statements, statement => statement.Sql.Contains("sales", StringComparison.Ordinal));
        Assert.True((await DdlPlan.ComputeAsync(client, Catalog("shared_a", "sales"), mine)).IsEmpty);
        Assert.True((await DdlPlan.ComputeAsync(client, Catalog("shared_b", "visits", "visits_dead_letters"), other)).IsEmpty);
    }

    [Theory]
    [InlineData("sales", "own_dead_letters", "sales_parsed", "give stream sales another name (stream:)")]
    [InlineData("visits", "dead_letters", "dead_letters", "give the streams another table for theirs (dead_letters:)")]
    public async Task A_name_of_another_stand_is_refused_with_its_owner_and_what_to_do(
        string stream, string deadLetters, string taken, string remedy)
    {
        var mine = await Servers.NewDatabaseAsync();
        using var client = new ClickHouseClient(mine);
        await ApplyAsync(client, mine, Catalog("taken_a", "sales"));

        var refused = await RefusedAsync(client, As(mine, "other"), Catalog("taken_b", stream, deadLetters));

        var owner = $"{taken} belongs to stand millrace, and this is stand other: "
            + "go on with what that stand has (--stand millrace), use another database";
        Assert.StartsWith(owner, refused, StringComparison.Ordinal);
        Assert.Contains(remedy, refused, StringComparison.Ordinal);
        Assert.True((await DdlPlan.ComputeAsync(client, Catalog("taken_a", "sales"), mine)).IsEmpty);
    }

    [Fact]
    public async Task A_table_with_rows_is_handed_over_by_the_statement_that_the_refusal_names()
    {
        var other = As(await Servers.NewDatabaseAsync(), "other");
        using var client = new ClickHouseClient(other);
        var catalog = Catalog("handed_over", "sales");
        await client.ExecuteAsync(TargetTableSql.Create(catalog.Streams[0], "other"));
        await client.ExecuteAsync("ALTER TABLE sales_table MODIFY COMMENT 'what we sold'");

        var refused = await RefusedAsync(client, other, catalog);

        Assert.StartsWith("sales_table names no stand in its comment and so belongs to millrace", refused, StringComparison.Ordinal);
        const string remedy = "ALTER TABLE sales_table MODIFY COMMENT 'millrace stand other'";
        Assert.Contains(remedy, refused, StringComparison.Ordinal);
        await client.ExecuteAsync(remedy.Replace("'m", "'what we sold, m", StringComparison.Ordinal));
        await ApplyAsync(client, other, catalog);
        Assert.True((await DdlPlan.ComputeAsync(client, catalog, other)).IsEmpty);
    }

    [Fact]
    public async Task Of_two_stands_that_want_one_name_at_the_same_time_one_gets_all_of_it()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        using var client = new ClickHouseClient(endpoints);
        var catalog = Catalog("raced_for", "sales");
        var stands = Enumerable.Range(0, 4).Select(i => As(endpoints, $"stand{i}")).ToList();

        var refused = await Task.WhenAll(stands.Select(stand => Record.ExceptionAsync(() => ApplyAsync(client, stand, catalog))));

        Assert.Equal(3, refused.OfType<DdlRefusedException>().Count());
        var winner = stands[Array.FindIndex(refused, e => e is null)];
        Assert.True((await DdlPlan.ComputeAsync(client, catalog, winner)).IsEmpty);
    }

    [Fact]
    public async Task Stands_with_names_of_their_own_are_set_up_at_the_same_time()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        using var client = new ClickHouseClient(endpoints);
        var stands = Enumerable.Range(0, 3)
            .Select(i => (Endpoints: As(endpoints, $"stand{i}"), Catalog: Catalog($"apart_{i}", $"apart{i}", $"letters{i}"))).ToList();
        await Task.WhenAll(stands.Select(stand => ApplyAsync(client, stand.Endpoints, stand.Catalog)));
        foreach (var (stand, catalog) in stands) Assert.True((await DdlPlan.ComputeAsync(client, catalog, stand)).IsEmpty);
    }

    [Fact]
    public async Task A_copy_with_rows_that_took_over_a_comment_of_ours_is_not_dropped()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        using var client = new ClickHouseClient(endpoints);
        await ApplyAsync(client, endpoints, Catalog("copied", "sales"));
        var comment = new StreamChain(Catalog("copied", "sales").Streams[0], endpoints).ParsedTable.Comment;
        await client.ExecuteAsync($"CREATE TABLE kept (id UInt64) ENGINE = MergeTree ORDER BY id COMMENT '{comment}'");

        await ApplyAsync(client, endpoints, Catalog("copied_other", "visits"));

        var left = await client.QueryAsync<Found>("SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name");
        Assert.Superset(new HashSet<string> { "dead_letters", "kept", "sales_table" }, left.Select(table => table.Name).ToHashSet());
        Assert.DoesNotContain("sales_queue", left.Select(table => table.Name));
    }

    /// <summary>The script is what the first release ran for the stream orders.</summary>
    [Fact]
    public async Task A_database_of_the_first_release_is_taken_over_with_all_its_rows()
    {
        var endpoints = await Servers.NewDatabaseAsync() with { Identity = StandIdentity.Default, QueueKafka = new("kafka:9092") };
        using var client = new ClickHouseClient(endpoints);
        var script = Path.Combine(Repository.Root, "tests", "Millrace.Streams.Tests", "Ddl", "FirstRelease", "orders.sql");
        var statements = (await File.ReadAllTextAsync(script)).Split(";\n\n", StringSplitOptions.RemoveEmptyEntries);
        foreach (var statement in statements) await client.ExecuteAsync(statement);
        await client.ExecuteAsync("INSERT INTO orders_table (kafka_topic, kafka_partition, kafka_offset) VALUES ('orders', 0, 0)");
        await client.ExecuteAsync("INSERT INTO dead_letters (kafka_topic, kafka_partition, kafka_offset) VALUES ('orders', 0, 1)");
        var orders = StreamCatalog.Load(Path.Combine(Repository.Root, "streams")).Streams.Single(stream => stream.Name == "orders");
        var catalog = StreamCatalog.Create([("orders.yaml", orders with { After = null })]);

        var stranger = await RefusedAsync(client, As(endpoints, "other"), catalog);
        var plan = await ApplyAsync(client, endpoints, catalog);

        Assert.Contains("belongs to", stranger, StringComparison.Ordinal);
        Assert.DoesNotContain(plan.Statements, statement => statement.Sql.Contains("EXISTS orders_table", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Statements, statement => statement.Sql.Contains("EXISTS dead_letters", StringComparison.Ordinal));
        var rows = await client.QueryAsync<Count>("SELECT (SELECT count() FROM orders_table) + (SELECT count() FROM dead_letters) AS rows");
        Assert.Equal(2, rows.Single().Rows);
        Assert.True((await DdlPlan.ComputeAsync(client, catalog, endpoints)).IsEmpty);
    }

    static StreamCatalog Catalog(string topic, string name, string deadLetters = "dead_letters") =>
        TestStream.Catalog($"{TestStream.Small(topic, name)}\ndead_letters: {deadLetters}");

    static StandEndpoints As(StandEndpoints endpoints, string stand) =>
        endpoints with { Identity = new StandIdentity(stand, $"{endpoints.Identity.Group}_{stand}") };

    static async Task<string> RefusedAsync(ClickHouseClient client, StandEndpoints endpoints, StreamCatalog catalog) =>
        (await Assert.ThrowsAsync<DdlRefusedException>(() => ApplyAsync(client, endpoints, catalog))).Message;

    static Task<DdlPlan> ApplyAsync(ClickHouseClient client, StandEndpoints endpoints, StreamCatalog catalog) =>
        DdlPlan.BringUpToDateAsync(client, catalog, endpoints, TimeProvider.System);

    sealed record Found(string Name);

    sealed record Count(long Rows);
}
