using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Events;

/// <summary>Every type has generators, and ClickHouse takes what they make.</summary>
[Collection(ServersCollection.Name)]
public partial class GeneratedValuesTests(ServersFixture servers) : ServersTest(servers)
{
    const int Events = 40;

    const string Integer38 = "12345678901234567890123456789012345678";

    static readonly (string Type, string[] Generators)[] Types =
    [
        .. ((string[])["Int32", "Int64", "UInt16", "UInt32", "UInt64"]).Select(type => Integer(type, "12")),
        .. ((string[])["Int128", "Int256", "UInt128", "UInt256"]).Select(type => Integer(type, Integer38)),
        ("Int16", ["product.id", "order.quantity", "{ range: [-300, 300] }", "{ choice: ['-300'] }"]),
        ("Int8", ["order.quantity", "{ range: [-128, 127] }", "{ choice: ['-128'] }"]),
        ("UInt8", ["order.quantity", "{ range: [0, 255] }"]),
        ("Float32", ["product.price", "order.amount", "{ range: [0.5, 1.5] }", "{ choice: ['0.1'] }"]),
        ("Float64", ["product.price", "order.amount", "{ range: [0.5, 1.5] }", "{ choice: ['0.1'] }"]),
        ("Decimal(6, 2)", ["product.price", "order.amount", "{ range: [0.5, 1.5] }", "{ choice: ['0.1'] }"]),
        ("Decimal(38, 20)", ["product.price", "{ choice: ['123456789012345678.12345678901234567890'] }"]),
        ("Decimal(76, 38)", ["product.price", "order.amount", $"{{ choice: ['-{Integer38}.{Integer38}'] }}"]),
        ("Decimal(76, 0)", [$"{{ choice: ['{Integer38}{Integer38}'] }}", "{ range: [-5, 5] }"]),
        ("String", ["uuid", "session.id", "session.user_id", "session.ip", "session.country", "product.id", "{ choice: [a] }"]),
        ("LowCardinality(String)", ["session.country", "session.device", "session.referrer", "product.category", "{ choice: [a] }"]),
        ("FixedString(2)", ["{ choice: [a, ab] }"]),
        ("LowCardinality(FixedString(2))", ["{ choice: [a, ab] }"]),
        ("Enum('a', 'it''s')", ["{ choice: [a, it's] }"]),
        ("UUID", ["uuid", "session.id", "{ choice: [550e8400-e29b-41d4-a716-446655440000] }"]),
        ("IPv4", ["session.ip", "{ choice: [10.0.0.1] }"]),
        ("IPv6", ["session.ip", "{ choice: ['2001:db8::1', 10.0.0.1] }"]),
        ("Bool", ["{ choice: [true, false] }"]),
        ("Date", ["now", "{ choice: [2026-01-02] }"]),
        ("Date32", ["now", "{ choice: [1950-01-02] }"]),
        ("DateTime", ["now", "{ choice: ['2026-01-02 03:04:05'] }"]),
        ("DateTime('Europe/Berlin')", ["now", "{ choice: ['2026-01-02 03:04:05'] }"]),
        ("DateTime64(9)", ["now", "{ choice: ['2026-01-02T03:04:05.123456789Z', 1950-01-02] }"]),
        ("DateTime64(0, 'Europe/Berlin')", ["now", "{ choice: ['2026-01-02T03:04:05+02:00'] }"]),
        ("BFloat16", ["{ range: [0.5, 1.5] }", "{ choice: ['0.1'] }"]),
        ("Time", ["{ choice: ['12:34:56'] }"]),
        ("Time64(3)", ["{ choice: ['-12:34:56.789'] }"]),
        ("Array(UInt8)", ["{ array: { range: [0, 255] } }", "{ array: { range: [0, 255] }, length: [2, 2] }", "{ choice: [[], [1, '2']] }"]),
        ("Array(Array(UUID))", ["{ array: { array: uuid, length: [0, 2] } }"]),
        ("Map(String, Float64)", ["{ object: { a: { range: [0.5, 1.5] }, 'b c': product.price } }", "{ choice: [{}, { a: 1 }] }"]),
        ("Map(UInt8, Array(DateTime))", ["{ object: { 7: { array: now } } }"]),
        ("Tuple(at DateTime64(3), note Nullable(String))", ["{ object: { at: now } }", "{ choice: [{ at: 2026-01-02, note: null }] }"]),
        ("Tuple(UInt8, Bool)", ["{ choice: [[1, true], ['2', false]] }"]),
        ("Nested(sku String, count UInt16)", ["{ array: { object: { sku: { choice: [a, b] }, count: order.quantity } }, length: [1, 4] }"]),
        ("JSON", ["{ choice: [{ a: [1, x, null], b: { c: true } }, {}] }"]),
    ];

    static (string Type, string[] Generators) Integer(string type, string value) =>
        (type, ["session.user_id", "product.id", "order.quantity", "{ range: [1, 100] }", $"{{ choice: ['{value}'] }}"]);

    [Fact]
    public void No_type_of_the_documented_table_is_without_a_generator()
    {
        var documented = File.ReadLines(Path.Combine(Repository.Root, "docs", "VALUES.md"))
            .Select(line => Documented().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).Distinct();
        Assert.Empty(documented.Except(Types.Select(type => Documented().Match($"| `{type.Type}` |").Groups[1].Value)));
    }

    [Fact]
    public async Task What_the_emitter_makes_for_each_type_becomes_rows()
    {
        var columns = Types.SelectMany(type => type.Generators.Select(generator => (type.Type, Generator: generator))).Select(
            (column, i) => $"  - {{ name: c{i}, type: \"{column.Type}\", generate: {column.Generator} }}");
        var catalog = TestStream.Catalog(TestStream.Small("generated", moreColumns: string.Join('\n', columns)));
        var endpoints = await Servers.NewDatabaseAsync();
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        var source = new EventSource(catalog.Streams, seed: 1, TimeProvider.System);

        TestTopic.Produce(endpoints, "generated", 0, Enumerable.Range(0, Events).Select(_ => (byte[]?)source.Next().Value));

        using var client = new ClickHouseClient(endpoints);
        var seen = await Eventually.Gives(
            () => client.QueryAsync<Outcome>("SELECT toInt32(count()) AS events, '' AS reason FROM small_table UNION ALL " +
                "SELECT toInt32(count()), any(reason) FROM dead_letters"),
            rows => rows.Sum(row => row.Events) >= Events, "all events are read");
        Assert.Contains(new Outcome(Events, ""), seen);
    }

    /// <summary>A type's name without numbers and names in its parentheses: all Decimals are one.</summary>
    [GeneratedRegex(@"^\| `((?:LowCardinality\()?[A-Z]\w*)[^`]*` \|")]
    private static partial Regex Documented();

    sealed record Outcome(int Events, string Reason);
}
