using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Setup;
using Millrace.Streams.Types;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Setup;

/// <summary>What a field may look like: each line of the table in docs/VALUES.md goes through a stream.</summary>
[Collection(ServersCollection.Name)]
public partial class ValuesTests(ServersFixture servers) : ServersTest(servers)
{
    const string Refused = "refused";

    static readonly IReadOnlyList<Line> Lines =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "VALUES.md"))
            .Select(line => LineForm().Match(line)).Where(match => match.Success)
            .Select(match => new Line(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value.Trim('`'))),
    ];

    /// <param name="more">What else each record holds: the second makes ClickHouse's parser refuse it.</param>
    [Theory]
    [InlineData("values", "")]
    [InlineData("values_exact", ",\"z\":123456789012345678901")]
    public async Task Each_line_of_the_documented_table_is_so(string topic, string more)
    {
        var types = Lines.Select(line => line.Type).Distinct().ToList();
        var endpoints = await SetUpAsync(topic, types);
        TestTopic.Produce(endpoints, topic, 0, Lines.Select((line, i) => Record(i, types.IndexOf(line.Type), line.Value, more)));
        using var client = new ClickHouseClient(endpoints);
        var texts = types.Select((type, i) =>
            type.StartsWith("DateTime", StringComparison.Ordinal) ? $"toString(toTimeZone(c{i}, 'UTC'))" : $"toString(c{i})");
        var query = $"SELECT toInt32(kafka_offset) AS line, [{string.Join(", ", texts.Select(text => $"toNullable({text})"))}] AS values "
            + $"FROM small_table UNION ALL SELECT toInt32(kafka_offset), arrayWithConstant({types.Count}, toNullable('{Refused}')) FROM dead_letters";
        Assert.InRange(Lines.Count, 95, int.MaxValue);
        var stored = await Eventually.Gives(
            () => client.QueryAsync<Stored>(query), rows => rows.Count >= Lines.Count, "all lines are read");

        var byLine = stored.ToDictionary(row => row.Line, row => row.Values[types.IndexOf(Lines[row.Line].Type)]);
        var wrong = Lines.Select((line, i) => (Line: line, Is: byLine[i] ?? "null")).Where(line => line.Is != line.Line.Becomes).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <param name="more">What else the record holds: the second makes ClickHouse's parser refuse it.</param>
    [Theory]
    [InlineData("same_name", "")]
    [InlineData("same_name_exact", ",\"z\":123456789012345678901")]
    public async Task Of_a_name_that_occurs_twice_the_first_counts_for_every_type_and_in_the_reason(string topic, string more)
    {
        (string Type, string Right, string Another, string Wrong)[] types =
        [
            ("String", "\"1.10\"", "\"b\"", "null"), ("LowCardinality(String)", "\"a\"", "\"b\"", "null"),
            ("UUID", "\"550e8400-e29b-41d4-a716-446655440000\"", "\"650e8400-e29b-41d4-a716-446655440000\"", "\"x\""),
            ("IPv4", "\"10.0.0.1\"", "\"10.0.0.2\"", "7"), ("Int32", "1", "2", "1.5"), ("Float64", "0.5", "2", "\"half\""),
            ("Bool", "true", "false", "2"), ("Decimal(18, 2)", "1.25", "2", "1.255"),
            ("DateTime64(3)", "\"2026-01-02 03:04:05\"", "1767323046", "5"),
        ];
        var endpoints = await SetUpAsync(topic, [.. types.Select(type => type.Type)], isNullable: false);
        string Twice(Func<int, string> first, Func<int, string> second) =>
            $$"""{"id":1{{string.Concat(types.Select((_, i) => $$""","c{{i}}":{{first(i)}},"c{{i}}":{{second(i)}}"""))}}{{more}}}""";
        TestTopic.Produce(
            endpoints, topic, 0, [Twice(i => types[i].Right, i => types[i].Another), Twice(i => types[i].Wrong, i => types[i].Right)]);
        using var client = new ClickHouseClient(endpoints);
        var letter = await Eventually.Gives(
            () => client.QueryAsync<Letter>("SELECT reason FROM dead_letters"), letters => letters.Count == 1,
            "the second is a dead letter");

        var texts = types.Select((_, i) => $"toString(c{i})");
        var row = await Eventually.Gives(
            () => client.QueryAsync<Letter>($"SELECT arrayStringConcat([{string.Join(", ", texts)}], ' ') AS reason FROM small_table"),
            rows => rows.Count == 1, "the first is a row");
        Assert.Equal("1.10 a 550e8400-e29b-41d4-a716-446655440000 10.0.0.1 1 0.5 true 1.25 2026-01-02 03:04:05.000", row.Single().Reason);
        Assert.Equal(types.Select((type, i) => Reason(i, type.Type, type.Wrong)), letter.Single().Reason.Split("; "));
    }

    static string Reason(int column, string type, string value) =>
        value == "null" ? $"c{column} is null" : $"c{column} is not a valid {type}: {value}";

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
    [InlineData("DateTime", "2026-01-02T03:04:05Z")]
    [InlineData("Date", "2026-01-02")]
    [InlineData("IPv6", "2001:db8::1")]
    [InlineData("Enum('a', 'b')", "b")]
    [InlineData("FixedString(3)", "abc")]
    [InlineData("Int128", "12")]
    [InlineData("Float32", "0.5")]
    [InlineData("Decimal(76, 2)", "12.34")]
    [InlineData("BFloat16", "0.5")]
    [InlineData("Time", "12:34:56")]
    [InlineData("Time64(3)", "12:34:56.789")]
    [InlineData("JSON", "{\\\"a\\\":1}")]
    [InlineData("Array(UInt8)", "[1,2]")]
    [InlineData("Array(JSON)", "[{\\\"a\\\":1}]")]
    [InlineData("Map(String, Time)", "{\\\"a\\\":\\\"12:34:56\\\"}")]
    [InlineData("Tuple(a UInt8, b Nullable(UUID))", "{\\\"a\\\":1}")]
    public async Task A_value_that_is_refused_costs_less_than_thirty_times_what_another_does(string type, string right)
    {
        using var client = new ClickHouseClient(await Servers.NewDatabaseAsync());
        var cost = await CostAsync(client, type, right);
        string[] unusable =
        [
            "unusable", "1e400", "12", "99999999999999999.99", "", "[1,2", "[\\\"x\\\",{}]", "{\\\"a\\\":x}", "{\\\"a\\\":\\\"x\\\"}", "{}",
        ];
        foreach (var wrong in unusable)
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
                SELECT ignore({{column.Type.Value("fields.c")}})
                FROM (SELECT materialize('{{value}}') AS text, concat('{"c":"', text, '"}') AS message FROM numbers(30000)) FORMAT Null
                """);
            costs.Add(TimeProvider.System.GetElapsedTime(started));
        }
        return costs.Min();
    }

    async Task<StandEndpoints> SetUpAsync(string topic, IReadOnlyList<string> types, bool isNullable = true)
    {
        var small = TestStream.Read(TestStream.Small(topic));
        var columns = types.Select((type, i) => Column($"c{i}", type, isNullable));
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = StreamCatalog.Create([("test.yaml", small with { Columns = [.. small.Columns, .. columns] })]);
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        return endpoints;
    }

    /// <summary>What can't be Nullable may be missing all the same: each record has a value for one column.</summary>
    static ColumnDefinition Column(string name, string type, bool isNullable = true) => ColumnTypes.Parse(type)! switch
    {
        CompositeType composite => new(name, composite, new ColumnGenerator.None(), 0)
        {
            Rules = ValueRules.Of(composite) with { Missing = ValueRule.Default },
        },
        var other => new(name, other with { IsNullable = isNullable }, new ColumnGenerator.FromEvent(EventValue.Uuid), 0),
    };

    static string Record(int line, int column, string value, string more) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{line}},"c{{column}}":{{value}}{{more}}}""");

    [GeneratedRegex(@"^\| `([A-Z][^`]*)` \| `([^`]*)` \| (`[^`]*`|refused) \|$")]
    private static partial Regex LineForm();

    sealed record Line(string Type, string Value, string Becomes);

    sealed record Stored(int Line, string?[] Values);

    sealed record Letter(string Reason);
}
