using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Setup;
using Millrace.Streams.Types;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Setup;

/// <summary>Columns that SQL makes from others, and how columns are kept; on the real engine and broker.</summary>
[Collection(ServersCollection.Name)]
public class ComputedColumnsTests(ServersFixture servers) : ServersTest(servers)
{
    const string Read = """
          - { name: id, type: UInt64, comment: "it's the id", codec: "Delta, ZSTD(3)" }
          - { name: time, type: DateTime64(3) }
          - { name: price, type: "Decimal(18, 2)", codec: "ZSTD(1)", ttl: toDateTime(time) + INTERVAL 100 YEAR }
          - { name: count, type: UInt16 }
          - { name: note, type: Nullable(String) }
          - { name: tags, type: Array(String), missing: default }
          - { name: place, type: Tuple(lat Float64), missing: default }
          - { name: doc, type: JSON, missing: default }
          - { name: state, type: "Enum8('on' = 1, 'off' = 2)", missing: default, default: "on" }
          - { name: prices, type: "Array(Decimal(18, 2))", missing: default }
        """;

    /// <param name="more">What else each record holds: the second makes ClickHouse's parser refuse it.</param>
    [Theory]
    [InlineData("computed", "")]
    [InlineData("computed_exact", ",\"z\":123456789012345678901")]
    public async Task A_column_is_computed_from_those_of_the_valid_record(string topic, string more)
    {
        var (stand, catalog) = await SetUpAsync(topic, Read + '\n' + """
              - { name: total, type: "Decimal(38, 2)", expr: "toDecimal128(price, 2) * count", comment: with tax }
              - { name: day, type: Date, expr: toDate(time) }
              - { name: each, type: Nullable(Int64), expr: "intDivOrNull(toInt64(100), toInt64(count))" }
              - { name: label, type: LowCardinality(String), expr: "concat(lower(ifNull(note, '-')), '/', toString(length(tags)), '/', toString(total))" }
              - { name: is_much, type: Bool, expr: count > 10 }
              - { name: first, type: String, expr: "tags[1]" }
              - { name: lat, type: Float64, expr: place.lat }
              - { name: lengths, type: Array(UInt64), expr: "arrayMap(tag -> length(tag), tags)" }
              - { name: zip, type: Nullable(String), expr: "doc.zip.:String" }
              - { name: zips, type: String, expr: "toString(doc.zip)" }
              - { name: small, type: Nullable(UInt16), expr: "nullIf(count, 3)::Nullable(UInt16)" }
              - { name: part, type: UInt32, expr: kafka_partition }
              - { name: kind, type: String, expr: "multiIf(count = 0, 'none', count < 10, 'some; -- many', 'lots')" }
            """);
        TestTopic.Produce(stand, topic, 0,
        [
            $$"""{"id":1,"time":"2026-01-02T03:04:05Z","price":1.50,"count":3,"note":"A","tags":["x","yy"],"doc":{"zip":"8001"},"place":{"lat":0.5}{{more}}}""",
            $$"""{"id":2,"time":"2026-01-02T03:04:05Z","price":9999999999999999.99,"count":0,"doc":{"zip":[8001]}{{more}}}""",
            $$"""{"id":3,"time":"2026-01-02T03:04:05Z","price":9999999999999999.99,"count":-1{{more}}}""",
            $$"""{"id":4,"time":"2026-01-02T03:04:05Z","price":-9999999999999999.99,"count":65535{{more}}}""",
        ]);
        using var client = new ClickHouseClient(stand);
        var rows = await Eventually.Gives(
            () => client.QueryAsync<Row>(
                "SELECT concatWithSeparator(' ', toString(id), toString(total), toString(day), ifNull(toString(each), '-'), label, "
                + "toString(is_much), first, toString(lat), toString(lengths), "
                + "ifNull(zip, '-'), zips, ifNull(toString(small), '-'), toString(part), kind) AS text FROM s_table ORDER BY id"),
            rows => rows.Count >= 3, "the valid records are rows");
        Assert.Equal(
            [
                "1 4.5 2026-01-02 33 a/2/4.5 false x 0.5 [1,2] 8001 8001 - 0 some; -- many",
                "2 0 2026-01-02 - -/0/0 false  0 [] - [8001] 0 0 none",
                "4 -655349999999999999344.65 2026-01-02 0 -/0/-655349999999999999344.65 true  0 [] -  65535 0 lots",
            ],
            rows.Select(row => row.Text));
        var letters = await Eventually.Gives(
            () => client.QueryAsync<Row>("SELECT reason AS text FROM dead_letters"), letters => letters.Count == 1, "one is a dead letter");
        Assert.Equal("count is not a valid UInt16: -1", letters.Single().Text);
        Assert.True((await DdlPlan.ComputeAsync(client, catalog, stand)).IsEmpty);
    }

    [Fact]
    public async Task A_new_table_has_the_codec_the_comment_and_the_ttl_of_each_column()
    {
        var (stand, _) = await SetUpAsync("stored_as", Read);
        using var client = new ClickHouseClient(stand);
        var columns = await client.QueryAsync<Row>(
            "SELECT concat(name, ': ', compression_codec, ' ', comment) AS text FROM system.columns "
            + "WHERE database = currentDatabase() AND table = 's_table' AND position <= 4 ORDER BY position");
        Assert.Equal(
            ["id: CODEC(Delta(8), ZSTD(3)) it's the id", "time:  ", "price: CODEC(ZSTD(1)) ", "count:  "], columns.Select(column => column.Text));
        var table = await client.QueryAsync<Row>(
            "SELECT create_table_query AS text FROM system.tables WHERE database = currentDatabase() AND name = 's_table'");
        Assert.Contains("TTL toDateTime(time) + toIntervalYear(100)", table.Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_codec_that_is_taken_is_one_that_ClickHouse_takes()
    {
        string[] types =
        [
            "String", "UInt8", "Int64", "UInt128", "Float32", "Float64", "BFloat16", "Decimal(9, 2)", "Decimal(38, 2)", "Date", "DateTime64(3)",
            "UUID", "IPv4", "Bool", "FixedString(3)", "Enum('a', 'b')", "LowCardinality(String)", "Nullable(Int32)", "Array(Int64)",
            "Array(Array(Float64))", "Map(String, Int8)", "Tuple(a Int8, b String)", "JSON", "Time", "Nullable(Float64)", "Array(String)",
        ];
        string[] codecs =
        [
            "NONE", "LZ4", "LZ4HC", "LZ4HC(12)", "ZSTD", "ZSTD(22)", "Delta, LZ4", "DoubleDelta, ZSTD", "GCD, LZ4", "T64", "T64, LZ4", "Gorilla",
            "Gorilla, ZSTD", "FPC", "FPC, LZ4", "Delta, T64",
        ];
        using var client = new ClickHouseClient(await Servers.NewDatabaseAsync());
        var wrong = new List<string>();
        var count = 0;
        var stated = new List<string>();
        foreach (var type in types)
        {
            foreach (var codec in codecs)
            {
                var isTaken = true;
                try
                {
                    TestStream.Read(TestStream.Small("codecs", moreColumns: $"  - {{ name: c, type: \"{type}\", codec: \"{codec}\", missing: default }}"));
                }
                catch (StreamDefinitionException) { isTaken = false; }
                if (!isTaken) continue;
                try
                {
                    await client.ExecuteAsync($"CREATE TABLE c{count++} (c {type} CODEC({codec})) ENGINE = MergeTree ORDER BY tuple()");
                    stated.Add(codec);
                }
                catch (ClickHouseException e) { wrong.Add($"{type} {codec}: {e.Message}"); }
            }
        }
        Assert.InRange(count, 150, int.MaxValue);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        var stored = await client.QueryAsync<Row>(
            "SELECT compression_codec AS text FROM system.columns WHERE database = currentDatabase() AND name = 'c' "
            + "ORDER BY toUInt32(substring(table, 2))");
        Assert.All(stated.Zip(stored), pair => Assert.True(Codec.IsStored(pair.First, pair.Second.Text), $"{pair.First} is {pair.Second.Text}"));
    }

    /// <summary>An expression is tried on them, so that what fails for a value fails before a record has it.</summary>
    [Theory]
    [InlineData("UInt256", 2)]
    [InlineData("Float32", 4)]
    [InlineData("Decimal(76, 3)", 3)]
    [InlineData("Decimal(5, 0)", 3)]
    [InlineData("Date32", 2)]
    [InlineData("DateTime('Europe/Zurich')", 2)]
    [InlineData("Nullable(DateTime64(9))", 3)]
    [InlineData("Time64(3)", 3)]
    [InlineData("UUID", 3)]
    [InlineData("IPv4", 3)]
    [InlineData("IPv6", 2)]
    [InlineData("Bool", 2)]
    [InlineData("Enum16('it''s' = -300, 'b' = 4)", 2)]
    [InlineData("FixedString(70)", 3)]
    [InlineData("LowCardinality(Nullable(String))", 7)]
    [InlineData("JSON", 2)]
    [InlineData("Array(Array(Nullable(UInt8)))", 7)]
    [InlineData("Map(LowCardinality(String), Array(Int8))", 6)]
    [InlineData("Tuple(a Int8, `b c` Nullable(String))", 8)]
    [InlineData("Nested(a Int8, b String)", 8)]
    public async Task Each_type_has_values_at_its_ends(string type, int count)
    {
        var column = TestStream.Read(TestStream.Small("ends", moreColumns: $"  - {{ name: c, type: \"{type}\", missing: default }}")).Columns[^1];
        using var client = new ClickHouseClient(await Servers.NewDatabaseAsync());
        var ends = await client.QueryAsync<Row>($"SELECT toString(arrayJoin([{string.Join(", ", column.Type.Ends)}])) AS text");
        Assert.Equal(count, ends.Distinct().Count());
    }

    /// <summary>Each is refused before anything is made.</summary>
    [Theory]
    [InlineData("type: String, expr: \"left(ifNull(note, ''), count)\"", "expr: holds left, which may fail for some values")]
    [InlineData("type: Nullable(UInt64), expr: \"nullIf(id, time)\"", "expr: holds nullIf, which may fail for some values")]
    [InlineData(
        "type: Int32, expr: \"intDiv(id, count)\"",
        "expr: holds intDiv, which fails where the divisor is 0; write intDivOrNull, and a Nullable type")]
    [InlineData(
        "type: UInt64, expr: \"if(count = 0, 0, id % count)\"",
        "expr: holds modulo, which fails where the divisor is 0; write moduloOrNull")]
    [InlineData("type: Date, expr: toDate(note)", "expr: holds toDate, which may fail for some values")]
    [InlineData(
        "type: UInt8, expr: \"toUInt8(ifNull(note, ''))\"",
        "expr: holds toUInt8, which fails for some values of String; write toUInt8OrNull")]
    [InlineData("type: UInt8, expr: \"CAST(ifNull(note, ''), 'UInt8')\"", "expr: holds CAST, which may fail")]
    [InlineData("type: Int32, expr: \"toInt32(price)\"", "expr: holds toInt32, which fails for some values of Decimal(18, 2)")]
    [InlineData(
        "type: \"Decimal(18, 2)\", expr: price * count",
        "expr: holds multiply, whose result may be beyond Decimal(18, 2); widen what goes into it")]
    [InlineData(
        "type: \"Decimal(38, 2)\", expr: \"toDecimal128(price, 2) * toDecimal128(price, 2) * count\"",
        "expr: holds multiply, whose result may be beyond")]
    [InlineData("type: \"Decimal(18, 2)\", expr: price / count", "expr: holds divide, which may fail")]
    [InlineData("type: UInt32, expr: \"toUnixTimestamp(kafka_timestamp)\"", "does not take toUnixTimestamp(kafka_timestamp): ")]
    [InlineData("type: UInt8, expr: \"isNotDistinctFrom(price, id)\"", "expr: holds isNotDistinctFrom, which may fail")]
    [InlineData("type: UInt64, expr: \"length(doc.zip)\"", "write a type behind the field, as in place.zip.:String")]
    [InlineData("type: UInt8, expr: \"ifNull(doc.zip = 1, 0)\"", "expr: holds equals, which fails for some types that a field of JSON may have")]
    [InlineData("type: UInt16, expr: \"nullIf(count, 404)::UInt16\"", "which fails where its value is NULL; write Nullable(UInt16)")]
    [InlineData("type: String, expr: \"note::String\"", "holds CAST, which fails where its value is NULL")]
    [InlineData("type: LowCardinality(String), expr: \"note::LowCardinality(String)\"", "holds CAST, which fails where its value is NULL")]
    [InlineData(
        "type: \"Nullable(Enum8('a' = 1))\", expr: \"accurateCastOrNull(note, 'Enum8(''a'' = 1)')\"",
        "holds accurateCastOrNull, which may fail")]
    [InlineData("type: Nullable(Int64), expr: \"accurateCastOrNull(price, 'Int64')\"", "holds accurateCastOrNull, which may fail")]
    [InlineData(
        "type: Array(DateTime64(3)), expr: \"arrayMap(tag -> addDays(tag, 1), tags)\"",
        "does not take arrayMap(tag -> addDays(tag, 1), tags): Cannot read")]
    [InlineData("type: UInt64, expr: \"throwIf(count = 1)\"", "expr: holds throwIf, which may fail")]
    [InlineData("type: UInt64, expr: sleep(1)", "expr: holds sleep, which may fail")]
    [InlineData("type: UInt64, expr: (SELECT 1)", "expr: ")]
    [InlineData("type: UInt8, expr: id IN (SELECT 1)", "expr: holds a query; write an expression over the columns of the stream")]
    [InlineData("type: UInt64, expr: sum(id)", "expr: holds sum, which takes or makes many rows")]
    [InlineData("type: UInt64, expr: row_number() OVER ()", "expr: holds row_number, which takes or makes many rows")]
    [InlineData("type: String, expr: arrayJoin(tags)", "expr: holds arrayJoin, which takes or makes many rows")]
    [InlineData("type: UInt64, expr: idd + 1", "expr: ClickHouse does not take idd + 1: Unknown expression or function identifier `idd`")]
    [InlineData("type: UInt64, expr: nosuch(id)", "expr: ClickHouse does not take nosuch(id): Function with name `nosuch` does not exist")]
    [InlineData("type: UInt64, expr: id +", "expr: ClickHouse does not take id +: Syntax error")]
    [InlineData("type: UInt8, expr: id + 1", "expr: gives UInt64, but the type is UInt8; write type: UInt64, or convert it")]
    [InlineData(
        "type: String, expr: note",
        "expr: may be NULL, and the type is String; write type: Nullable(String), or ifNull(...) around it")]
    [InlineData("type: String, expr: message", "expr: ClickHouse does not take message: Unknown expression")]
    [InlineData("type: String, expr: more", "expr: ClickHouse does not take more: Unknown expression")]
    [InlineData("type: String, expr: \"substring(ifNull(note, ''), 0, 2)\"", "Indices in strings are 1-based")]
    [InlineData("type: UInt32, expr: toUnixTimestamp(time)", "expr: ClickHouse does not take toUnixTimestamp(time): ")]
    [InlineData(
        "type: String, missing: default, ttl: id + 1",
        "ttl: gives UInt64; write a Date, DateTime or DateTime64 that is never NULL")]
    [InlineData(
        "type: String, missing: default, ttl: tiem + INTERVAL 1 DAY",
        "ttl: ClickHouse does not take tiem + INTERVAL 1 DAY: Unknown expression")]
    public async Task What_can_t_be_computed_or_might_stop_the_stream_is_refused_with_its_place(string fields, string sentence)
    {
        var stand = await Servers.NewDatabaseAsync();
        var catalog = CatalogOf("never_made", $"{Read}\n  - {{ name: more, {fields} }}");
        var refused = await Assert.ThrowsAsync<StreamDefinitionException>(
            () => StandSetup.RunAsync(stand, catalog, NullLogger.Instance, CancellationToken.None));
        Assert.StartsWith("test.yaml, line 17, column ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        using var client = new ClickHouseClient(stand);
        Assert.Empty(await client.QueryAsync<Row>("SELECT name AS text FROM system.tables WHERE database = currentDatabase()"));
    }

    async Task<(StandEndpoints Stand, StreamCatalog Catalog)> SetUpAsync(string topic, string columns)
    {
        var stand = await Servers.NewDatabaseAsync();
        var catalog = CatalogOf(topic, columns);
        await StandSetup.RunAsync(stand, catalog, NullLogger.Instance, CancellationToken.None);
        return (stand, catalog);
    }

    static StreamCatalog CatalogOf(string topic, string columns) => TestStream.Catalog(
        $"stream: s\ntopic: {topic}\npartitions: 1\ntable: s_table\norder_by: [id]\ncolumns:\n{columns}\n");

    sealed record Row(string Text);
}
