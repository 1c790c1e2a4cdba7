using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Ddl;

/// <summary>The DDL of the shipped streams word for word: a change shows in review as what ClickHouse will see. GOLDEN_SQL=write renews the files.</summary>
public class GoldenSqlTests
{
    static readonly string Folder = Path.Combine(Repository.Root, "tests", "Millrace.Streams.Tests", "Ddl", "Golden");

    [Theory]
    [InlineData("clicks")]
    [InlineData("views")]
    [InlineData("orders")]
    public void The_plan_for_an_empty_database_is(string stream)
    {
        var shipped = StreamCatalog.Load(Path.Combine(Repository.Root, "streams")).Streams.Single(s => s.Name == stream) with { After = null };
        RequireSame(stream, shipped);
    }

    /// <summary>A column of each kind that the shipped streams have none of.</summary>
    [Fact]
    public void The_plan_of_columns_made_of_others_and_of_computed_ones_is() => RequireSame("shapes", TestStream.Read(
        """
        stream: shapes
        topic: shapes
        partitions: 1
        table: shapes_table
        order_by: [id]
        columns:
          - { name: id, type: UInt64, codec: "Delta, ZSTD(1)", comment: of the device }
          - { name: time, type: DateTime64(3) }
          - { name: tags, type: Array(String), missing: default }
          - { name: readings, type: "Nested(sensor LowCardinality(String), celsius Nullable(Float64))" }
          - { name: limits, type: "Map(String, Int64)", default: { low: -10 } }
          - { name: extra, type: JSON, ttl: toDateTime(time) + INTERVAL 30 DAY }
          - { name: day, type: Date, expr: toDate(time) }
        """));

    static void RequireSame(string stream, StreamDefinition definition)
    {
        var endpoints = new StandEndpoints { Kafka = "kafka:9092", ClickHouse = new Uri("http://clickhouse:8123/") };
        var plan = DdlPlan.Compute(new DatabaseState([], [], []), StreamCatalog.Create([(stream, definition)]), endpoints).ToString();
        var file = Path.Combine(Folder, $"{stream}.sql");
        if (Environment.GetEnvironmentVariable("GOLDEN_SQL") == "write") File.WriteAllText(file, plan);
        Assert.Equal(File.ReadAllText(file), plan);
    }
}
