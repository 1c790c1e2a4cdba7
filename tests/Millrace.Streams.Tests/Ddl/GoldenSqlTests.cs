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
        var endpoints = new StandEndpoints { Kafka = "kafka:9092", ClickHouse = new Uri("http://clickhouse:8123/") };
        var plan = DdlPlan.Compute(new DatabaseState([], [], []), StreamCatalog.Create([(stream, shipped)]), endpoints).ToString();
        var file = Path.Combine(Folder, $"{stream}.sql");
        if (Environment.GetEnvironmentVariable("GOLDEN_SQL") == "write") File.WriteAllText(file, plan);
        Assert.Equal(File.ReadAllText(file), plan);
    }
}
