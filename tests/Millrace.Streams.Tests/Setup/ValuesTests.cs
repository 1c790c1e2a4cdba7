using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Setup;

/// <summary>What a field may look like: each line of the table in docs/VALUES.md goes through a stream.</summary>
[Collection(ServersCollection.Name)]
public partial class ValuesTests(ServersFixture servers)
{
    const string Refused = "refused";

    static readonly IReadOnlyList<Line> Lines =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "VALUES.md"))
            .Select(line => LineForm().Match(line)).Where(match => match.Success)
            .Select(match => new Line(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value.Trim('`'))),
    ];

    [Fact]
    public async Task Each_line_of_the_documented_table_is_so()
    {
        var types = Lines.Select(line => line.Type).Distinct().ToList();
        var endpoints = await SetUpAsync("values", types);
        TestTopic.Produce(endpoints, "values", 0, Lines.Select((line, i) => Record(i, types.IndexOf(line.Type), line.Value)));
        using var client = new ClickHouseClient(endpoints);
        var texts = types.Select((type, i) => type == "DateTime64(3)" ? $"toString(toTimeZone(c{i}, 'UTC'))" : $"toString(c{i})");
        var query = $"SELECT toInt32(id) AS line, coalesce({string.Join(", ", texts)}) AS value FROM small_table " +
            $"UNION ALL SELECT toInt32(JSONExtractUInt(message, 'id')), '{Refused}' FROM dead_letters";
        Assert.InRange(Lines.Count, 80, int.MaxValue);
        var stored = await Eventually.Gives(() => client.QueryAsync<Stored>(query), rows => rows.Count >= Lines.Count, "all lines are read");

        var byLine = stored.ToDictionary(row => row.Line, row => row.Value);
        Assert.Equal(Lines, Lines.Select((line, i) => line with { Becomes = byLine[i] ?? "null" }));
    }

    /// <summary>
    /// ClickHouse's own cast to Bool throws and catches for each value that is none, 200 us: 400 times what another takes.
    /// </summary>
    [Theory]
    [InlineData("Bool", "true")]
    [InlineData("UUID", "550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("IPv4", "10.0.0.1")]
    [InlineData("Int16", "12")]
    [InlineData("Float64", "0.5")]
    [InlineData("Decimal(18, 2)", "12.34")]
    [InlineData("DateTime64(3)", "2026-01-02T03:04:05.678Z")]
    public async Task A_value_that_is_refused_costs_less_than_thirty_times_what_another_does(string type, string right)
    {
        using var client = new ClickHouseClient(await servers.NewDatabaseAsync());
        var cost = await CostAsync(client, type, right);
        foreach (var wrong in (string[])["unusable", "1e400", "12", "99999999999999999.99", ""])
            Assert.InRange(await CostAsync(client, type, wrong), TimeSpan.Zero, 30 * cost);
    }

    /// <returns>The best of three: whatever else runs on the machine only adds.</returns>
    static async Task<TimeSpan> CostAsync(ClickHouseClient client, string type, string value)
    {
        var column = Column("c", type);
        var costs = new List<TimeSpan>();
        for (var round = 0; round < 3; round++)
        {
            var started = TimeProvider.System.GetTimestamp();
            await client.ExecuteAsync(
                $$"""
                WITH CAST(tuple(text), 'Tuple(c Nullable(String))') AS fields
                SELECT ignore({{ValueSql.Of(column)}})
                FROM (SELECT materialize('{{value}}') AS text, concat('{"c":"', text, '"}') AS message FROM numbers(30000)) FORMAT Null
                """);
            costs.Add(TimeProvider.System.GetElapsedTime(started));
        }
        return costs.Min();
    }

    async Task<StandEndpoints> SetUpAsync(string topic, IReadOnlyList<string> types)
    {
        var small = TestStream.Read(TestStream.Small(topic));
        var columns = types.Select((type, i) => Column($"c{i}", type));
        var endpoints = await servers.NewDatabaseAsync();
        var catalog = StreamCatalog.Create([("test.yaml", small with { Columns = [.. small.Columns, .. columns] })]);
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        return endpoints;
    }

    static ColumnDefinition Column(string name, string type) =>
        new(name, ColumnType.Parse(type)! with { IsNullable = true }, new ColumnGenerator.FromEvent(EventValue.Uuid), 0);

    static string Record(int line, int column, string value) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{line}},"c{{column}}":{{value}}}""");

    [GeneratedRegex(@"^\| `([A-Z][^`]*)` \| `([^`]*)` \| (`[^`]*`|refused) \|$")]
    private static partial Regex LineForm();

    sealed record Line(string Type, string Value, string Becomes);

    sealed record Stored(int Line, string? Value);
}
