using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Tests.Ddl;

public class DdlPlanTests
{
    static readonly StreamDefinition Stream = TestStream.Read(TestStream.Small("topic"));
    static readonly StreamCatalog Catalog = StreamCatalog.Create([("test.yaml", Stream)]);

    [Fact]
    public void An_empty_database_gets_the_tables_first_and_what_starts_the_reading_last() =>
        Assert.Equal(
            [
                "dead_letters", "small_table", "small_parsed", "small_mv", "small_reparsed", "small_exact_mv", "small_dead_letters_mv",
                "small_rejected", "small_reparse_mv", "small_rejected_mv", "small_queue", "small_parse_mv",
            ],
            Plan(new DatabaseState([], [], [])).Statements.Select(statement =>
                statement.Sql.Split(' ', '\n').SkipWhile(word => word != "EXISTS").ElementAt(1)));

    [Fact]
    public void A_database_as_defined_needs_nothing() => Assert.True(Plan(AsDefined()).IsEmpty);

    [Fact]
    public void Another_broker_address_makes_only_the_queue_table_anew() =>
        Assert.Equal(
            ["DROP TABLE IF EXISTS small_queue SYNC", "CREATE TABLE IF NOT EXISTS small_queue"],
            FirstLines(DdlPlan.Compute(AsDefined(), Catalog, At("elsewhere:9092"))));

    [Fact]
    public void A_paused_stream_is_stopped_and_changed_and_is_not_read()
    {
        var mark = StreamPause.MarkOf(Stream, StandIdentity.DefaultName);
        var paused = AsDefined(extra: new TableState(mark.Name, "Null", mark.Comment, ""));
        Assert.Equal(
            ["DROP TABLE IF EXISTS small_queue SYNC", "DROP TABLE IF EXISTS small_parse_mv SYNC"],
            FirstLines(DdlPlan.Compute(paused, Catalog, At("kafka:9092"))));

        const string column = "  - { name: note, type: Nullable(String), generate: { choice: [a] } }";
        var catalog = TestStream.Catalog(TestStream.Small("topic", moreColumns: column));
        var wider = FirstLines(DdlPlan.Compute(paused, catalog, At("kafka:9092"))).ToList();
        Assert.Contains("CREATE TABLE IF NOT EXISTS small_parsed", wider);
        Assert.DoesNotContain("CREATE TABLE IF NOT EXISTS small_queue", wider);
        Assert.DoesNotContain("CREATE MATERIALIZED VIEW IF NOT EXISTS small_parse_mv TO small_parsed AS", wider);
    }

    [Fact]
    public void A_new_column_goes_into_the_table_while_nothing_is_read()
    {
        var wider = TestStream.Catalog(TestStream.Small("topic", moreColumns: "  - { name: note, type: Nullable(String), generate: { choice: [a] } }"));
        Assert.Equal(
            [
                "DROP TABLE IF EXISTS small_queue SYNC",
                "DROP TABLE IF EXISTS small_parse_mv SYNC",
                "DROP TABLE IF EXISTS small_mv SYNC",
                "DROP TABLE IF EXISTS small_rejected_mv SYNC",
                "DROP TABLE IF EXISTS small_reparse_mv SYNC",
                "DROP TABLE IF EXISTS small_rejected SYNC",
                "DROP TABLE IF EXISTS small_dead_letters_mv SYNC",
                "DROP TABLE IF EXISTS small_exact_mv SYNC",
                "DROP TABLE IF EXISTS small_reparsed SYNC",
                "DROP TABLE IF EXISTS small_parsed SYNC",
                "ALTER TABLE small_table ADD COLUMN IF NOT EXISTS note Nullable(String) AFTER score",
                "CREATE TABLE IF NOT EXISTS small_parsed",
                "CREATE MATERIALIZED VIEW IF NOT EXISTS small_mv TO small_table AS",
                "CREATE TABLE IF NOT EXISTS small_reparsed",
                "CREATE MATERIALIZED VIEW IF NOT EXISTS small_exact_mv TO small_table AS",
                "CREATE MATERIALIZED VIEW IF NOT EXISTS small_dead_letters_mv TO dead_letters AS",
                "CREATE TABLE IF NOT EXISTS small_rejected",
                "CREATE MATERIALIZED VIEW IF NOT EXISTS small_reparse_mv TO small_reparsed AS",
                "CREATE MATERIALIZED VIEW IF NOT EXISTS small_rejected_mv TO small_rejected AS",
                "CREATE TABLE IF NOT EXISTS small_queue",
                "CREATE MATERIALIZED VIEW IF NOT EXISTS small_parse_mv TO small_parsed AS",
            ],
            FirstLines(DdlPlan.Compute(AsDefined(), wider, At("kafka:9092"))));
    }

    [Fact]
    public void A_stream_whose_definition_is_gone_stops_and_keeps_its_rows()
    {
        var other = TestStream.Catalog(TestStream.Small("other_topic", "other"));
        Assert.Equal(
            [
                "DROP TABLE IF EXISTS small_queue SYNC",
                "DROP TABLE IF EXISTS small_dead_letters_mv SYNC",
                "DROP TABLE IF EXISTS small_exact_mv SYNC",
                "DROP TABLE IF EXISTS small_mv SYNC",
                "DROP TABLE IF EXISTS small_parse_mv SYNC",
                "DROP TABLE IF EXISTS small_rejected_mv SYNC",
                "DROP TABLE IF EXISTS small_reparse_mv SYNC",
                "DROP TABLE IF EXISTS small_parsed SYNC",
                "DROP TABLE IF EXISTS small_rejected SYNC",
                "DROP TABLE IF EXISTS small_reparsed SYNC",
            ],
            FirstLines(DdlPlan.Compute(AsDefined(), other, At("kafka:9092")))
                .Where(line => line.StartsWith("DROP", StringComparison.Ordinal)));
    }

    [Fact]
    public void Somebody_elses_tables_are_left_alone() =>
        Assert.True(Plan(AsDefined(extra: new TableState("their_queue", "Kafka", "", ""))).IsEmpty);

    [Fact]
    public void A_table_whose_comment_only_begins_like_ours_is_left_alone() =>
        Assert.True(Plan(AsDefined(extra: new TableState("millrace_notes", "MergeTree", "millrace notes of last year", "id"))).IsEmpty);

    [Fact]
    public void Somebody_elses_table_under_a_name_of_ours_is_not_dropped()
    {
        var precious = new TableState("small_parsed", "MergeTree", "precious", "id");
        var refused = Assert.Throws<DdlRefusedException>(() => Plan(new DatabaseState([precious], [], [])));
        Assert.Equal(
            "small_parsed is not of Millrace's making, but stream small needs the name: rename it (RENAME TABLE), "
            + "or give the stream another name",
            refused.Message);
    }

    [Fact]
    public void A_column_that_the_definition_no_longer_names_goes_only_by_name()
    {
        var columns = Columns().Select(c => c.Name == "score" && c.Table == "small_table" ? c with { Name = "points" } : c);
        var plan = Plan(AsDefined(columns: [.. columns]));
        var dropped = Assert.Single(plan.Operations, operation => operation.Kind == OperationKind.DropColumn);
        Assert.Equal(("small_table", "points", "drop-column:small.points"), (dropped.Object, dropped.Column, dropped.Needs));
        var refused = Assert.Throws<DdlRefusedException>(() => Allowances.None.Require(plan.Operations));
        Assert.Contains("--allow drop-column:small.points", refused.Message, StringComparison.Ordinal);
        new Allowances(["drop-column:small.points"]).Require(plan.Operations);
    }

    [Theory]
    [InlineData("Nullable(Int16)", "Nullable(Int8)", OperationKind.RebuildTable)]
    [InlineData("Int8", "Nullable(Int8)", OperationKind.ModifyColumn)]
    [InlineData("Nullable(Int8)", "Nullable(Int64)", OperationKind.ModifyColumn)]
    [InlineData("Nullable(UInt8)", "Nullable(Int8)", OperationKind.RebuildTable)]
    [InlineData("Nullable(UInt8)", "Nullable(Int16)", OperationKind.ModifyColumn)]
    [InlineData("Nullable(Decimal(9, 2))", "Nullable(Decimal(12, 3))", OperationKind.ModifyColumn)]
    [InlineData("Nullable(Decimal(9, 2))", "Nullable(Decimal(9, 3))", OperationKind.RebuildTable)]
    [InlineData("Nullable(DateTime64(3))", "Nullable(DateTime64(6, 'Europe/Berlin'))", OperationKind.ModifyColumn)]
    [InlineData("Nullable(DateTime64(3))", "Nullable(DateTime64(9))", OperationKind.RebuildTable)]
    [InlineData("Nullable(Enum8('a' = 1))", "Nullable(Enum16('a' = 1, 'b' = 300))", OperationKind.ModifyColumn)]
    [InlineData("Nullable(Enum8('a' = 1))", "Nullable(Enum8('a' = 2))", OperationKind.RebuildTable)]
    [InlineData("LowCardinality(String)", "Nullable(String)", OperationKind.ModifyColumn)]
    [InlineData("Nullable(Float64)", "Nullable(Float32)", OperationKind.RebuildTable)]
    [InlineData("Nullable(Date)", "Nullable(Date32)", OperationKind.ModifyColumn)]
    public void A_type_that_holds_all_values_of_before_is_taken_in_place_and_any_other_by_a_rebuild(
        string before, string after, OperationKind kind)
    {
        var columns = Columns().Select(c => c is { Name: "score", Table: "small_table" } ? c with { Type = before } : c);
        var other = Stream with
        {
            Columns = [.. Stream.Columns.Select(c => c.Name == "score" ? c with { Type = ColumnTypes.Parse(after)! } : c)],
        };
        var plan = DdlPlan.Compute(AsDefined(columns: [.. columns]), StreamCatalog.Create([("test.yaml", other)]), At("kafka:9092"));
        Assert.Contains(plan.Operations, operation => operation.Kind == kind && operation.Object == "small_table");
    }

    [Fact]
    public void A_column_that_the_user_computes_from_others_is_welcome() =>
        Assert.True(Plan(AsDefined(columns: [.. Columns(), new ColumnState("small_table", "day", "Date", "MATERIALIZED", "")])).IsEmpty);

    [Fact]
    public void Another_order_key_is_a_rebuild_and_nobody_reads_while_the_tables_change_names()
    {
        var plan = Plan(AsDefined(sortingKey: "score"));
        var rebuild = Assert.Single(plan.Operations, operation => operation.Kind == OperationKind.RebuildTable);
        Assert.Equal("small_table is sorted by (score), not by (id)", rebuild.Why);
        var lines = FirstLines(plan).ToList();
        int Place(string start) => lines.FindIndex(line => line.StartsWith(start, StringComparison.Ordinal));
        int[] places =
        [
            Place("INSERT INTO small_table_rebuild_"), Place("DROP TABLE IF EXISTS small_queue"),
            lines.FindLastIndex(line => line.StartsWith("INSERT INTO small_table_rebuild_", StringComparison.Ordinal)),
            Place("EXCHANGE TABLES small_table_rebuild_"), Place("CREATE TABLE IF NOT EXISTS small_queue"),
            lines.FindLastIndex(line => line.StartsWith("DROP TABLE IF EXISTS small_table_rebuild_", StringComparison.Ordinal)),
        ];
        Assert.Equal(places.Order(), places);
        Assert.DoesNotContain(-1, places);
    }

    [Theory]
    [InlineData("message", "message", "LowCardinality(String)", "dead_letters holds message as LowCardinality(String), not as String")]
    [InlineData("reason", "why", "String", "dead_letters has no column reason String")]
    public void Dead_letters_that_can_not_take_what_this_version_writes_are_refused(string column, string name, string type, string message)
    {
        var columns = Columns().Select(c => c.Table == "dead_letters" && c.Name == column ? c with { Name = name, Type = type } : c);
        var refused = Assert.Throws<DdlRefusedException>(() => Plan(AsDefined(columns: [.. columns])));
        Assert.Equal($"{message}: change it back (ALTER TABLE), or rename it (RENAME TABLE) and a new one is made", refused.Message);
    }

    [Fact]
    public void A_table_of_the_first_release_gets_the_projection_that_its_view_asks()
    {
        var plan = Plan(AsDefined(projections: Projections("stored_offsets")));

        Assert.Equal(
            [
                "ALTER TABLE dead_letters ADD", "ALTER TABLE dead_letters MATERIALIZE", "ALTER TABLE dead_letters DROP",
                "ALTER TABLE small_table ADD", "ALTER TABLE small_table MATERIALIZE", "ALTER TABLE small_table DROP",
            ],
            plan.Statements.Select(statement => string.Join(' ', statement.Sql.Split(' ').Take(4))));
    }

    static DdlPlan Plan(DatabaseState state) => DdlPlan.Compute(state, Catalog, At("kafka:9092"));

    static StandEndpoints At(string kafka) => new() { Kafka = kafka, ClickHouse = new Uri("http://clickhouse:8123/") };

    static IEnumerable<string> FirstLines(DdlPlan plan) => plan.Statements.Select(statement => statement.Sql.Split('\n')[0]);

    static IReadOnlyList<ProjectionState> Projections(string name) => [new("small_table", name), new("dead_letters", name)];

    static DatabaseState AsDefined(
        string sortingKey = "id", TableState? extra = null, IReadOnlyList<ColumnState>? columns = null,
        IReadOnlyList<ProjectionState>? projections = null)
    {
        var made = new StreamChain(Stream, At("kafka:9092")).InOrder.Select(o => new TableState(o.Name, Engine(o.Name), o.Comment, ""));
        List<TableState> tables = [.. made, new TableState("dead_letters", "MergeTree", "", ""), new TableState("small_table", "MergeTree", "", sortingKey)];
        if (extra is not null) tables.Add(extra);
        return new DatabaseState(tables, columns ?? Columns(), projections ?? Projections("stored_range"));
    }

    static string Engine(string table) => table switch
    {
        "small_queue" => "Kafka",
        "small_parsed" or "small_rejected" or "small_reparsed" => "Null",
        _ => "MaterializedView",
    };

    static IReadOnlyList<ColumnState> Columns() =>
    [
        .. Stream.Columns.Select(column => new ColumnState("small_table", column.Name, column.Type.Sql, "", "")),
        .. new[] { "kafka_topic", "kafka_partition", "kafka_offset", "kafka_timestamp", "inserted_at" }
            .Select(name => new ColumnState("small_table", name, "", "", "")),
        .. DeadLettersSql.Columns.Select(column => column.Split(' ', 2)).Select(column => new ColumnState("dead_letters", column[0], column[1], "", "")),
    ];
}
