using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Explain;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Setup;

/// <summary>Columns that are made of others, on the real engine and broker: their rules, and what becomes of a record that breaks one.</summary>
[Collection(ServersCollection.Name)]
public class CompositeColumnsTests(ServersFixture servers) : ServersTest(servers)
{
    const string Columns = """
          - { name: id, type: UInt64 }
          - { name: tags, type: Array(LowCardinality(String)), default: [none, "it's", 1.5] }
          - { name: items, type: "Nested(sku String, count UInt16)", from: $.cart.items, missing: default }
          - { name: prices, type: "Map(String, Decimal(18, 2))", missing: default, "null": default, invalid: default, default: { EUR: 1.50 } }
          - { name: place, type: "Tuple(lat Float64, lon Nullable(Float64))", default: { lat: -1 } }
          - { name: pair, type: "Tuple(UInt8, Bool)", missing: default }
          - { name: extra, type: JSON, default: { a: { b: [1, x, true] }, day: 2026-01-02 } }
          - { name: more, type: Nullable(JSON), invalid: "null" }
        """;

    /// <param name="more">What else each record holds: the second makes ClickHouse's parser refuse it.</param>
    [Theory]
    [InlineData("composites", "")]
    [InlineData("composites_exact", ",\"z\":123456789012345678901")]
    public async Task Rules_and_defaults_are_for_the_column_as_a_whole(string topic, string more)
    {
        var (stand, catalog) = await SetUpAsync(topic, Columns);
        (string Fields, string Row)[] records =
        [
            ("", "['none','it\\'s','1.5'] [] {'EUR':1.5} (-1,NULL) (0,false) {\"a\":{\"b\":[1,\"x\",true]},\"day\":\"2026-01-02\"} -"),
            (""","tags":[],"cart":{"items":[{"sku":"a","count":2}]},"prices":{"USD":"2.5"},"place":{"lat":1,"lon":2},"""
                + """ "pair":[1,true],"extra":{},"more":{"a":1}""",
                "[] [('a',2)] {'USD':2.5} (1,2) (1,true) {} {\"a\":1}"),
            (""","prices":{"USD":"2.555"},"more":[1]""",
                "['none','it\\'s','1.5'] [] {'EUR':1.5} (-1,NULL) (0,false) {\"a\":{\"b\":[1,\"x\",true]},\"day\":\"2026-01-02\"} -"),
            (""","prices":null,"cart":{},"more":null""",
                "['none','it\\'s','1.5'] [] {'EUR':1.5} (-1,NULL) (0,false) {\"a\":{\"b\":[1,\"x\",true]},\"day\":\"2026-01-02\"} -"),
        ];
        (string Fields, string Failed, string Reason)[] wrong =
        [
            (""","tags":null""", "tags", "tags is null"),
            (""","tags":["a",null]""", "tags", "tags is not a valid Array(LowCardinality(String)): [\"a\",null]"),
            (""","cart":{"items":[{"sku":"a","count":-1}]}""", "items",
                "items is not a valid Array(Tuple(sku String, count UInt16)): [{\"sku\":\"a\",\"count\":-1}]"),
            (""","place":{"lat":1e400},"pair":[1]""", "place pair",
                "place is not a valid Tuple(lat Float64, lon Nullable(Float64)): {\"lat\":1e400}; pair is not a valid Tuple(UInt8, Bool): [1]"),
            (""","extra":{"a":123456789012345678901}""", "extra", "extra is not a valid JSON: {\"a\":123456789012345678901}"),
        ];
        TestTopic.Produce(
            stand, topic, 0, records.Select(record => record.Fields).Concat(wrong.Select(record => record.Fields))
                .Select((fields, i) => $$"""{"id":{{i}}{{fields}}{{more}}}"""));
        using var client = new ClickHouseClient(stand);

        var rows = await Eventually.Gives(
            () => client.QueryAsync<Row>(
                "SELECT concatWithSeparator(' ', toString(tags), toString(items), toString(prices), toString(place), toString(pair), "
                + "toString(extra), ifNull(toString(more), '-')) AS text, '' AS failed FROM s_table ORDER BY id"),
            rows => rows.Count >= records.Length, "the valid records are rows");
        Assert.Equal(records.Select(record => record.Row), rows.Select(row => row.Text));
        var letters = await Eventually.Gives(
            () => client.QueryAsync<Row>(
                "SELECT reason AS text, arrayStringConcat(failed_columns, ' ') AS failed FROM dead_letters ORDER BY kafka_offset"),
            letters => letters.Count >= wrong.Length, "the others are dead letters");
        Assert.Equal(wrong.Select(record => (record.Failed, record.Reason)), letters.Select(letter => (letter.Failed, letter.Text)));

        var explained = (await RecordExplainer.RunAsync(stand, catalog.Streams[0], 0, records.Length + 2, CancellationToken.None))!;
        Assert.Equal(
            [("items", "is not a valid Array(Tuple(sku String, count UInt16))")],
            explained.Columns.Where(column => column.Error is not null).Select(column => (column.Column, column.Error!)));
        Assert.Equal("(-1,NULL)", explained.Columns.Single(column => column.Column == "place").Value);
        var stream = catalog.Streams[0];
        foreach (var (column, value) in new[] { ("tags", "[]"), ("prices", "{\"USD\":2.50}"), ("extra", "{}"), ("pair", "[1,true]") })
        {
            var found = await RecordSearch.RunAsync(client, stream, stream.Columns.Single(one => one.Name == column), value, CancellationToken.None);
            Assert.Equal([1L], found.Select(hit => hit.Offset));
        }
        Assert.True((await DdlPlan.ComputeAsync(client, catalog, stand)).IsEmpty);
    }

    /// <summary>Deeper than the parser goes is no JSON for it; what it takes ClickHouse must take too.</summary>
    [Fact]
    public async Task No_JSON_stops_the_stream_however_deep_or_wide_it_is()
    {
        var (stand, _) = await SetUpAsync("deep_json", "  - { name: id, type: UInt64 }\n  - { name: extra, type: JSON, missing: default }");
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
        string[] values =
        [
            Nested(100), Nested(900), Nested(2000), new string('[', 900) + new string(']', 900),
            $"{{{string.Join(",", Enumerable.Range(0, 3000).Select(i => $"\"f{i}\":{i}"))}}}",
            "{\"\":1,\"a\":{\"\":2}}", "{\"a.b\":1,\"a\":{\"b\":2}}", "{\"a\":[1,\"x\",{\"b\":[[null]]},1.5]}",
            $"{{\"{new string('k', 100_000)}\":1}}", "{\"a\\u0000b\":\"\\u0000\"}", "{\"a\":-0,\"b\":-0.0,\"c\":1e-400}",
        ];
        TestTopic.Produce(stand, "deep_json", 0, values.Select((value, i) => $$"""{"id":{{i}},"extra":{{value}}}""").Append("{\"id\":100}"));
        using var client = new ClickHouseClient(stand);
        await Eventually.Holds(
            async () => (await client.QueryAsync<Row>("SELECT toString(id) AS text, '' AS failed FROM s_table WHERE id = 100")).Count == 1,
            "the stream goes on");
        var stored = await client.QueryAsync<Row>(
            "SELECT toString(id) AS text, '' AS failed FROM s_table UNION ALL SELECT toString(kafka_offset), reason FROM dead_letters");
        Assert.Equal(values.Length + 1, stored.Count);
    }

    async Task<(StandEndpoints Stand, StreamCatalog Catalog)> SetUpAsync(string topic, string columns)
    {
        var stand = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog($"stream: s\ntopic: {topic}\npartitions: 1\ntable: s_table\norder_by: [id]\ncolumns:\n{columns}\n");
        await StandSetup.RunAsync(stand, catalog, NullLogger.Instance, CancellationToken.None);
        return (stand, catalog);
    }

    sealed record Row(string Text, string Failed);
}
