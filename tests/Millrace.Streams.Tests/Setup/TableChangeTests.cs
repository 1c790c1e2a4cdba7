using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Setup;
using Millrace.Testing;
using Xunit.Abstractions;

namespace Millrace.Streams.Tests.Setup;

/// <summary>Edits of a stream whose target table holds rows.</summary>
[Collection(ServersCollection.Name)]
public class TableChangeTests(ServersFixture servers, ITestOutputHelper output) : ServersTest(servers)
{
    const string OwnTable = "system.tables WHERE name = 'owned_table' AND database = currentDatabase()";
    const string Note = "- { name: note, type: String }";

    [Fact]
    public async Task Columns_are_added_widened_renamed_dropped_and_sorted_anew_under_load_and_no_row_is_lost_or_doubled()
    {
        var (stand, client) = await NewStandAsync();
        using var _ = client;
        await ApplyAsync(stand, Yaml("changing", "id", "- { name: score, type: Nullable(Int8) }", Note));
        using var producing = new Load(
            stand, "changing", id => $$"""{"id":{{id}},"score":{{id % 100}},"points":7,"note":"n{{id}}","region":"r"}""");
        await Eventually.Holds(async () => await CountAsync(client, "changing") > 100, "rows arrive");

        string[] edited = ["- { name: points, type: Nullable(Int32), from: $.score }", "- { name: note, type: Nullable(String) }"];
        string[][] edits =
        [
            ["id", "- { name: score, type: Nullable(Int32) }", "- { name: note, type: Nullable(String) }"],
            ["id", "- { name: points, was: score, from: $.score, type: Nullable(Int32) }", "- { name: note, type: Nullable(String) }"],
            ["id", .. edited, "- { name: region, type: String }"],
            ["region, id", .. edited, "- { name: region, type: String }"],
            [
                "place, id", "- { name: points, type: 'Nullable(Decimal(9, 2))', from: $.score }",
                "- { name: place, was: region, from: $.region, type: LowCardinality(String) }",
            ],
        ];
        foreach (var edit in edits)
        {
            var report = await ApplyAsync(stand, Yaml("changing", edit[0], edit[1..]), "drop-column:changing.note");
            Assert.NotEmpty(report.Statements);
            var before = await CountAsync(client, "changing");
            await Eventually.Holds(async () => await CountAsync(client, "changing") > before + 100, $"rows arrive after {edit[1]}");
            Assert.True((await DdlPlan.ComputeAsync(client, Catalog("changing", edit[0], edit[1..]), stand)).IsEmpty);
        }

        var made = producing.Stop();
        await Eventually.Holds(async () => await CountAsync(client, "changing") >= made, "all rows are there");
        Assert.Equal(
            [$"{made} {made} {made} place, id"],
            await TextsAsync(
                client,
                "concatWithSeparator(' ', toString(count()), toString(uniqExact(id)), toString(countIf(points = id % 100)), "
                    + "(SELECT sorting_key FROM system.tables WHERE database = currentDatabase() AND name = 'changing_table'))",
                "changing_table"));
        Assert.Equal(["0"], await TextsAsync(client, "toString(count())", "dead_letters"));
        Assert.Equal(
            ["0"],
            await TextsAsync(client, "toString(count())", "system.tables WHERE database = currentDatabase() AND name LIKE '%rebuild%'"));
    }

    [Fact]
    public async Task A_column_is_dropped_only_where_its_loss_is_allowed_by_name()
    {
        var (stand, client) = await NewStandAsync();
        using var _ = client;
        await ApplyAsync(stand, Yaml("dropping", "id", Note));
        TestTopic.Produce(stand, "dropping", 0, ["""{"id":1,"note":"kept"}"""]);
        await Eventually.Holds(async () => await CountAsync(client, "dropping") == 1, "the row arrives");

        var refused = await Assert.ThrowsAsync<DdlRefusedException>(
            () => ApplyAsync(stand, Yaml("dropping", "id"), "drop-column:dropping.id"));
        Assert.Contains("column note that the definition no longer names, in a table of 1 rows", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--allow drop-column:dropping.note", refused.Message, StringComparison.Ordinal);
        TestTopic.Produce(stand, "dropping", 0, ["""{"id":2,"note":"also kept"}"""]);
        await Eventually.Holds(async () => await CountAsync(client, "dropping") == 2, "the stream is read on");
        Assert.Equal(["kept", "also kept"], await TextsAsync(client, "note", "dropping_table ORDER BY id"));
    }

    /// <summary>What a definition stops stating is the user's, but for a TTL, by which values would go on to be lost.</summary>
    [Fact]
    public async Task Codec_comment_and_ttl_of_a_column_become_as_defined_and_values_expire_only_where_it_is_allowed()
    {
        var (stand, client) = await NewStandAsync();
        using var _ = client;
        string Defined(string options) => Yaml(
            "keeping", "id", "- { name: time, type: DateTime64(3) }", $"- {{ name: note, type: Nullable(String){options} }}");
        await ApplyAsync(stand, Defined(""));
        TestTopic.Produce(stand, "keeping", 0, ["""{"id":1,"time":"2020-01-01T00:00:00Z","note":"old"}"""]);
        await Eventually.Holds(async () => await CountAsync(client, "keeping") == 1, "the row arrives");
        await client.ExecuteAsync("ALTER TABLE keeping_table MODIFY COLUMN id CODEC(Delta, LZ4)");

        var kept = await PlanAsync(stand, Defined(", codec: ZSTD(3), comment: \"a 'note' TTL 1\""));
        Assert.Equal(
            [(OperationKind.KeepColumn, "note", "COMMENT 'a \\'note\\' TTL 1'"), (OperationKind.KeepColumn, "note", "CODEC(ZSTD(3))")],
            kept.Select(operation => (operation.Kind, operation.Column, operation.Becomes)));
        await ApplyAsync(stand, Defined(", codec: ZSTD(3), comment: \"a 'note' TTL 1\""));
        Assert.Equal(
            ["id CODEC(Delta(8), LZ4) ", "note CODEC(ZSTD(3)) a 'note' TTL 1"],
            await TextsAsync(client, "concat(name, ' ', compression_codec, ' ', comment)",
                "system.columns WHERE database = currentDatabase() AND table = 'keeping_table' AND compression_codec != '' ORDER BY position"));

        const string Ttl = ", codec: \"ZSTD(3)\", comment: \"a 'note' TTL 1\", ttl: toDateTime(time) + INTERVAL 1 YEAR";
        var refused = await Assert.ThrowsAsync<DdlRefusedException>(() => ApplyAsync(stand, Defined(Ttl)));
        Assert.Equal(
            "keeping_table.note is to have TTL toDateTime(time) + INTERVAL 1 YEAR, which empties what is past it in a table of 1 rows: "
                + "write a longer one, or allow it with  millrace apply --allow expire-column:keeping.note",
            refused.Message);
        Assert.Equal(["old"], await TextsAsync(client, "ifNull(note, 'gone')", "keeping_table"));
        await ApplyAsync(stand, Defined(Ttl), "expire-column:keeping.note");
        await Eventually.Holds(
            async () => (await TextsAsync(client, "ifNull(note, 'gone')", "keeping_table"))[0] == "gone", "the old value is gone");
        Assert.Empty(await PlanAsync(stand, Defined(Ttl)));

        // Sorted anew, the table has it too; a longer one is asked for again.
        var longer = Defined(Ttl.Replace("1 YEAR", "5 YEAR", StringComparison.Ordinal)).Replace("[id]", "[time, id]", StringComparison.Ordinal);
        Assert.Contains("which empties", (await Assert.ThrowsAsync<DdlRefusedException>(() => ApplyAsync(stand, longer))).Message, StringComparison.Ordinal);
        await ApplyAsync(stand, longer, "expire-column:keeping.note");
        Assert.Empty(await PlanAsync(stand, longer));

        var without = Defined("").Replace("[id]", "[time, id]", StringComparison.Ordinal);
        var gone = Assert.Single(await PlanAsync(stand, without));
        Assert.Equal((OperationKind.KeepColumn, "no TTL"), (gone.Kind, gone.Becomes));
        await ApplyAsync(stand, without);
        Assert.Empty(await PlanAsync(stand, without));
        TestTopic.Produce(stand, "keeping", 0, ["""{"id":2,"time":"2020-01-01T00:00:00Z","note":"stays"}"""]);
        await Eventually.Holds(async () => await CountAsync(client, "keeping") == 2, "the stream is read on");
        await client.ExecuteAsync("OPTIMIZE TABLE keeping_table FINAL");
        Assert.Equal(["gone", "stays"], await TextsAsync(client, "ifNull(note, 'gone')", "keeping_table ORDER BY id"));
    }

    /// <summary>As ClickHouse shows types, comments and expressions, which is not how they were written.</summary>
    [Fact]
    public async Task A_ttl_is_found_again_whatever_its_column_is_and_follows_a_column_that_is_renamed_or_goes()
    {
        var (stand, client) = await NewStandAsync();
        using var _ = client;
        const string Nested = "- { name: readings, type: \"Nested(a UInt8, b String)\", missing: default, ";
        string Defined(string time, string ttl, string more = "") => Yaml(
            "ttls", "id", $"- {{ name: {time}, type: DateTime }}", Nested + $"comment: \"two\\nlines, 'quoted'\", ttl: {ttl} }}", more);
        await ApplyAsync(stand, Defined("made", "made + INTERVAL 1 YEAR"));
        Assert.Empty(await PlanAsync(stand, Defined("made", "made + INTERVAL 1 YEAR")));
        TestTopic.Produce(stand, "ttls", 0, ["""{"id":1,"made":"2026-01-01T00:00:00Z"}"""]);
        await Eventually.Holds(async () => await CountAsync(client, "ttls") == 1, "the row arrives");

        var renamed = Defined("made_at", "made_at + INTERVAL 1 YEAR").Replace("made_at, type", "made_at, was: made, type", StringComparison.Ordinal);
        Assert.Equal(OperationKind.RenameColumn, (await PlanAsync(stand, renamed)).First(one => one.Column is not null).Kind);
        await ApplyAsync(stand, renamed);
        Assert.Empty(await PlanAsync(stand, renamed));
        var other = Defined("seen", "seen + INTERVAL 9 YEAR")
            .Replace("seen, type: DateTime", "seen, type: DateTime, missing: default", StringComparison.Ordinal);
        await ApplyAsync(stand, other, "expire-column:ttls.readings", "drop-column:ttls.made_at");
        Assert.Empty(await PlanAsync(stand, other));
    }

    [Fact]
    public async Task A_type_that_not_all_stored_values_have_is_refused_with_an_example_and_one_that_they_have_is_taken()
    {
        var (stand, client) = await NewStandAsync();
        using var _ = client;
        await ApplyAsync(stand, Yaml("narrowing", "id", "- { name: price, type: String }", "- { name: at, type: Nullable(String) }"));
        TestTopic.Produce(
            stand, "narrowing", 0,
            ["""{"id":1,"price":"12.50","at":"2026-01-02T03:04:05Z"}""", """{"id":2,"price":"0.125","at":null}"""]);
        await Eventually.Holds(async () => await CountAsync(client, "narrowing") == 2, "the rows arrive");

        var refused = await Assert.ThrowsAsync<DdlRefusedException>(() => ApplyAsync(stand,
            Yaml("narrowing", "id", "- { name: price, type: 'Decimal(9, 2)' }", "- { name: at, type: Nullable(DateTime64(3)) }")));
        Assert.Contains(
            "1 rows of narrowing_table have no value of price that Decimal(9, 2) holds, such as '0.125'", refused.Message,
            StringComparison.Ordinal);
        await ApplyAsync(
            stand, Yaml("narrowing", "id", "- { name: price, type: 'Decimal(9, 3)' }", "- { name: at, type: Nullable(DateTime64(3)) }"));
        Assert.Equal(
            ["12.5 2026-01-02 03:04:05.000", "0.125 -"],
            await TextsAsync(client, "concat(toString(price), ' ', ifNull(toString(at, 'UTC'), '-'))", "narrowing_table ORDER BY id"));
    }

    [Fact]
    public async Task A_column_and_a_comment_of_the_users_own_outlive_a_rebuild()
    {
        var (stand, client) = await NewStandAsync();
        using var _ = client;
        await ApplyAsync(stand, Yaml("owned", "id", Note));
        await client.ExecuteAsync(
            "ALTER TABLE owned_table ADD COLUMN seen UInt8 DEFAULT 1, ADD COLUMN upper String MATERIALIZED upper(note), "
            + "ADD COLUMN `my note` String DEFAULT 'x', ADD COLUMN made UUID MATERIALIZED generateUUIDv4()");
        await client.ExecuteAsync($"ALTER TABLE owned_table MODIFY COMMENT 'mine; {StandMark.OfTable(stand.Identity.Name)}'");
        TestTopic.Produce(stand, "owned", 0, ["""{"id":1,"note":"a"}"""]);
        await Eventually.Holds(async () => await CountAsync(client, "owned") == 1, "the row arrives");
        await client.ExecuteAsync("ALTER TABLE owned_table UPDATE seen = 5 WHERE 1 SETTINGS mutations_sync = 2");

        var made = await TextsAsync(client, "toString(made)", "owned_table");
        await ApplyAsync(stand, Yaml("owned", "note, id", Note));

        Assert.Equal(["5 A x"], await TextsAsync(client, "concat(toString(seen), ' ', upper, ' ', `my note`)", "owned_table"));
        Assert.Equal(made, await TextsAsync(client, "toString(made)", "owned_table"));
        Assert.StartsWith("mine", Assert.Single(await TextsAsync(client, "comment", OwnTable)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_ClickHouse_refuses_stops_no_stream()
    {
        var (stand, client) = await NewStandAsync();
        using var _ = client;
        await ApplyAsync(stand, Yaml("refused", "id", Note));
        await client.ExecuteAsync("ALTER TABLE refused_table ADD COLUMN upper String MATERIALIZED upper(note)");

        await Assert.ThrowsAsync<ClickHouseException>(() => ApplyAsync(stand, Yaml("refused", "id"), "drop-column:refused.note"));
        TestTopic.Produce(stand, "refused", 0, ["""{"id":1,"note":"a"}"""]);

        await Eventually.Holds(async () => await CountAsync(client, "refused") == 1, "the stream is read on");
        Assert.Equal(["A"], await TextsAsync(client, "upper", "refused_table"));
    }

    [Fact]
    public async Task A_rebuild_during_which_somebody_else_changed_rows_changes_nothing_and_the_stream_is_read_on()
    {
        var (stand, client) = await NewStandAsync();
        using var _ = client;
        await ApplyAsync(stand, Yaml("updated", "id", Note));
        TestTopic.Produce(stand, "updated", 0, ["""{"id":1,"note":"a"}"""]);
        await Eventually.Holds(async () => await CountAsync(client, "updated") == 1, "the row arrives");
        var edited = Catalog("updated", "note, id", Note);
        var plan = await DdlPlan.ComputeAsync(client, edited, stand);
        // As an UPDATE that the copy has not seen.
        await client.ExecuteAsync("ALTER TABLE updated_table UPDATE note = 'x' WHERE 0 SETTINGS mutations_sync = 2");

        var failed = await Assert.ThrowsAsync<ClickHouseException>(() => plan.ApplyAsync(client));
        Assert.Contains("somebody else changed rows of updated_table", failed.Message, StringComparison.Ordinal);
        TestTopic.Produce(stand, "updated", 0, ["""{"id":2,"note":"b"}"""]);
        await Eventually.Holds(async () => await CountAsync(client, "updated") == 2, "the stream is read on by the views of before");

        await StandSetup.RunAsync(stand, edited, NullLogger.Instance, CancellationToken.None);
        Assert.Equal(
            ["note, id"],
            await TextsAsync(client, "sorting_key", "system.tables WHERE database = currentDatabase() AND name = 'updated_table'"));
        Assert.Equal(["a", "b"], await TextsAsync(client, "note", "updated_table ORDER BY id"));
    }

    [Fact]
    public async Task A_table_that_its_user_partitioned_is_not_rebuilt()
    {
        var (stand, client) = await NewStandAsync();
        using var _ = client;
        await ApplyAsync(stand, Yaml("ttl", "id", Note));
        await client.ExecuteAsync("ALTER TABLE ttl_table MODIFY TTL toDateTime(kafka_timestamp) + INTERVAL 10 YEAR");
        var refused = await Assert.ThrowsAsync<DdlRefusedException>(() => ApplyAsync(stand, Yaml("ttl", "note, id", Note)));
        Assert.Contains("was given more than a definition says", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Ended after any statement of a plan, a setup is finished by the next one.</summary>
    [Fact]
    public async Task A_setup_that_is_killed_at_any_point_of_a_rebuild_is_finished_by_the_next()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (stand, client) = await NewStandAsync();
        using var _ = client;
        await ApplyAsync(stand, Yaml("cut", "id", Note));
        using var producing = new Load(stand, "cut", id => $$"""{"id":{{id}},"note":"n{{id % 10}}"}""");
        await Eventually.Holds(async () => await CountAsync(client, "cut") > 50, "rows arrive");
        for (var round = 0; round < 8; round++)
        {
            var edited = Catalog("cut", round % 2 == 0 ? "note, id" : "id", Note);
            var statements = (await DdlPlan.ComputeAsync(client, edited, stand)).Statements;
            var cut = random.Next(1, statements.Count);
            output.WriteLine($"round {round}: {cut} of {statements.Count} statements");
            foreach (var statement in statements.Take(cut)) await client.ExecuteAsync(statement.Runs.Reveal());
            await StandSetup.RunAsync(stand, edited, NullLogger.Instance, CancellationToken.None);
            Assert.True((await DdlPlan.ComputeAsync(client, edited, stand)).IsEmpty);
        }
        var made = producing.Stop();
        await Eventually.Holds(async () => await CountAsync(client, "cut") >= made, "all rows are there");
        Assert.Equal([$"{made} {made}"], await TextsAsync(client, "concat(toString(count()), ' ', toString(uniqExact(id)))", "cut_table"));
    }

    static string Yaml(string topic, string orderBy, params string[] columns) => $$"""
            stream: {{topic}}
            topic: {{topic}}
            partitions: 2
            table: {{topic}}_table
            order_by: [{{orderBy}}]
            columns:
              - { name: id, type: UInt64 }
              {{string.Join("\n  ", columns)}}
            """;

    static StreamCatalog Catalog(string topic, string orderBy, params string[] columns) =>
        TestStream.Catalog(Yaml(topic, orderBy, columns));

    static Task<SetupReport> ApplyAsync(StandEndpoints stand, string yaml, params string[] allowed) =>
        StandSetup.RunAsync(stand, TestStream.Catalog(yaml), new Allowances(allowed), NullLogger.Instance, CancellationToken.None);

    static async Task<IReadOnlyList<Operation>> PlanAsync(StandEndpoints stand, string yaml)
    {
        using var client = new ClickHouseClient(stand);
        return (await DdlPlan.ComputeAsync(client, TestStream.Catalog(yaml), stand)).Operations;
    }

    async Task<(StandEndpoints Stand, ClickHouseClient Client)> NewStandAsync()
    {
        var stand = await Servers.NewDatabaseAsync();
        return (stand, new ClickHouseClient(stand));
    }

    static async Task<long> CountAsync(ClickHouseClient client, string stream) =>
        long.Parse((await TextsAsync(client, "toString(count())", $"{stream}_table"))[0], CultureInfo.InvariantCulture);

    static async Task<IReadOnlyList<string>> TextsAsync(ClickHouseClient client, string value, string from) =>
        [.. (await client.QueryAsync<Line>($"SELECT {value} AS value FROM {from}")).Select(line => line.Value)];

    sealed record Line(string Value);

    /// <summary>Records with ids from 0 on, as fast as one acknowledgement follows the other.</summary>
    sealed class Load : IDisposable
    {
        readonly CancellationTokenSource _stopping = new();
        readonly Task _running;
        long _made;

        public Load(StandEndpoints stand, string topic, Func<long, string> record) =>
            _running = Task.Run(() =>
            {
                for (; !_stopping.IsCancellationRequested; _made += 20)
                    TestTopic.Produce(stand, topic, (int)(_made / 20 % 2), Enumerable.Range(0, 20).Select(i => record(_made + i)));
            });

        /// <returns>How many were made.</returns>
        public long Stop()
        {
            _stopping.Cancel();
            _running.GetAwaiter().GetResult();
            return _made;
        }

        public void Dispose() => Stop();
    }
}
