using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Setup;

/// <summary>Records of every malformed shape that is known to have stopped or fooled a stream (facts of the Kafka engine and of JSONExtract).</summary>
[Collection(ServersCollection.Name)]
public class PoisonTests(ServersFixture servers) : ServersTest(servers)
{
    const string Good =
        """{"id":1,"at":"2026-01-02 03:04:05.678","amount":"12.34","ip":"10.0.0.1","uid":"550e8400-e29b-41d4-a716-446655440000","flag":"""
        + """true,"share":0.5,"small":-3,"word":"a","note":null,"count":5}""";

    static string Stream(string topic) =>
        $$"""
        stream: poison
        topic: {{topic}}
        partitions: 1
        key: id
        table: poison_table
        order_by: [id]
        columns:
          - { name: id, type: UInt16, generate: { range: [1, 9] } }
          - { name: at, type: DateTime64(3), generate: now }
          - { name: amount, type: "Decimal(18, 2)", generate: product.price }
          - { name: ip, type: IPv4, generate: session.ip }
          - { name: uid, type: UUID, generate: uuid }
          - { name: flag, type: Bool, generate: { choice: ["true", "false"] } }
          - { name: share, type: Float64, generate: { range: [0, 1] } }
          - { name: small, type: Int8, generate: { range: [-5, 5] } }
          - { name: word, type: LowCardinality(String), generate: { choice: [a] } }
          - { name: note, type: LowCardinality(Nullable(String)), generate: { choice: [a] } }
          - { name: count, type: Nullable(UInt8), generate: { range: [1, 5] } }
        """;

    /// <summary>Each malformed value and the reason it is to be given.</summary>
    static readonly (byte[] Value, string Reason)[] Poison =
    [
        (Changed("\"amount\":\"12.34\"", "\"amount\":1e17"), "amount is not a valid Decimal(18, 2): 1e17"),
        (Changed("\"at\":\"2026-01-02 03:04:05.678\"", "\"at\":1e30"), "at is not a valid DateTime64(3): 1e30"),
        (Changed("\"id\":1", "\"id\":-1"), "id is not a valid UInt16: -1"),
        (Changed("\"id\":1", "\"id\":70000"), "id is not a valid UInt16: 70000"),
        (Changed("\"id\":1", "\"id\":1.5"), "id is not a valid UInt16: 1.5"),
        (Changed("\"id\":1", "\"id\":[1]"), "id is not a valid UInt16: [1]"),
        (Changed("\"id\":1", "\"id\":null"), "id is null"),
        (Changed("\"id\":1,", ""), "id is missing"),
        (Changed("\"ip\":\"10.0.0.1\",\"uid\":\"550e8400-e29b-41d4-a716-446655440000\"", "\"ip\":\"300.1.1.1\",\"uid\":\"550e\""),
            "ip is not a valid IPv4: \"300.1.1.1\"; uid is not a valid UUID: \"550e\""),
        (Changed("\"flag\":true", "\"flag\":12"), "flag is not a valid Bool: 12"),
        (Changed("\"share\":0.5", "\"share\":\"half\""), "share is not a valid Float64: \"half\""),
        (Changed("\"small\":-3", "\"small\":-129"), "small is not a valid Int8: -129"),
        (Changed("\"count\":5", "\"count\":300"), "count is not a valid UInt8: 300"),
        (Changed("\"count\":5", "\"count\":{}"), "count is not a valid UInt8: {}"),
        (Changed("\"id\":1", "\"id\":18446744073709551616"), "id is not a valid UInt16: 18446744073709551616"),
        (Changed("\"share\":0.5", "\"share\":1e400"), "share is not a valid Float64: 1e400"),
        (Changed("{", "{\"z\":123456789012345678901,\"a\":01,"), "not valid JSON"),
        (Changed("{", "{\"z\":123456789012345678901,2:3,"), "not valid JSON"),
        (Changed("{", "{\"z\":\"\\ud800\",\"a\":\"\\u12\","), "not valid JSON"),
        (Utf8(Good[..40]), "not valid JSON"),
        (Utf8("not json"), "not valid JSON"),
        (Utf8(Good + Good), "not valid JSON"),
        (Utf8(Good + " x"), "not valid JSON"),
        ([.. Utf8("""{"id":1,"word":"""), (byte)'"', 0xFF, 0xFE, (byte)'"', (byte)'}'], "not valid JSON"),
        (new byte[64], "not valid JSON"),
        (Utf8(new string('[', 2000) + new string(']', 2000)), "not valid JSON"),
        (Utf8(new string(' ', 100_000)), "not valid JSON"),
        (Utf8("{}"),
            "id is missing; at is missing; amount is missing; ip is missing; uid is missing; flag is missing; "
            + "share is missing; small is missing; word is missing"),
        (Utf8("[]"), "not a JSON object but Array"),
        (Utf8("""[1,"2026-01-02 03:04:05.678","12.34","10.0.0.1","550e8400-e29b-41d4-a716-446655440000",true,0.5,-3,"a",null,5]"""),
            "not a JSON object but Array"),
        (Utf8("null"), "not a JSON object but Null"),
        (Utf8("\"text\""), "not a JSON object but String"),
        (Utf8("12"), "not a JSON object but Int64"),
    ];

    [Fact]
    public async Task Every_malformed_record_becomes_a_dead_letter_with_its_bytes_and_reason_and_the_stream_goes_on()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        await StandSetup.RunAsync(endpoints, TestStream.Catalog(Stream("poison")), NullLogger.Instance, CancellationToken.None);
        TestTopic.Produce(endpoints, "poison", 0, [.. Poison.Select(poison => poison.Value), Utf8(Good)]);
        using var client = new ClickHouseClient(endpoints);
        await Eventually.Holds(
            async () => (await client.QueryAsync<Count>("SELECT count() AS rows FROM poison_table")).Single().Rows == 1,
            "the good record behind the poison is a row");
        var letters = await Eventually.Gives(
            () => client.QueryAsync<Letter>(
                "SELECT kafka_offset, base64Encode(message) AS message, reason FROM dead_letters ORDER BY kafka_offset"),
            letters => letters.Count == Poison.Length, "each poison is a dead letter");
        Assert.Equal(Poison.Select((poison, offset) => $"{offset}: {poison.Reason}"), letters.Select(letter => $"{letter.KafkaOffset}: {letter.Reason}"));
        Assert.Equal(Poison.Select(poison => Convert.ToBase64String(poison.Value)), letters.Select(letter => letter.Message));
    }

    /// <remarks>
    /// Nothing can be done about it in ClickHouse: an input format that finds no byte gives no row
    /// (src/Storages/Kafka/KafkaSource.cpp, "return no rows").
    /// </remarks>
    [Fact]
    public async Task A_record_without_a_value_leaves_neither_row_nor_dead_letter()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        await StandSetup.RunAsync(endpoints, TestStream.Catalog(Stream("tombstone")), NullLogger.Instance, CancellationToken.None);
        TestTopic.Produce(endpoints, "tombstone", 0, [null, [], Utf8(Good), Utf8("{}")]);
        using var client = new ClickHouseClient(endpoints);
        await Eventually.Holds(
            async () =>
                (await client.QueryAsync<Count>("SELECT count() AS rows FROM poison_table WHERE kafka_offset = 2")).Single().Rows == 1,
            "the record behind is a row");
        await Eventually.Holds(
            async () =>
                (await client.QueryAsync<Count>("SELECT count() AS rows FROM dead_letters WHERE kafka_offset = 3")).Single().Rows == 1,
            "the one behind that is a dead letter");
        Assert.Equal(1, (await client.QueryAsync<Count>("SELECT count() AS rows FROM dead_letters")).Single().Rows);
    }

    [Theory]
    [InlineData("  \t\n", "{", "}", " \n")]
    [InlineData("", "{\"unknown\":{\"deep\":[1]},", "}", "")]
    [InlineData("", "{\"unknown\":{\"deep\":[-123456789012345678901, 1e400]},", "}", "")]
    [InlineData(" ", "{\"lone\":\"\\ud800\",\"low \\\" \\\\\":\"x\\udc00\",", "}", "")]
    public async Task Space_around_and_fields_unknown_do_no_harm(string before, string open, string close, string after)
    {
        var topic = string.Create(CultureInfo.InvariantCulture, $"harmless{open.Length}");
        var endpoints = await Servers.NewDatabaseAsync();
        await StandSetup.RunAsync(endpoints, TestStream.Catalog(Stream(topic)), NullLogger.Instance, CancellationToken.None);
        TestTopic.Produce(endpoints, topic, 0, [before + open + Good[1..^1] + close + after]);
        using var client = new ClickHouseClient(endpoints);
        var row = await Eventually.Gives(
            () => client.QueryAsync<Values>(
                "SELECT at = toDateTime64('2026-01-02 03:04:05.678', 3, 'UTC') AS right_time, amount = 12.34 AS right_amount, "
                + "toString(ip) AS ip, flag, small, note, count FROM poison_table"),
            rows => rows.Count == 1, "one row");
        Assert.Equal(new Values(1, 1, "10.0.0.1", true, -3, null, 5), row.Single());
    }

    [Fact]
    public async Task A_dead_letter_names_the_columns_that_failed()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        await StandSetup.RunAsync(endpoints, TestStream.Catalog(Stream("columns")), NullLogger.Instance, CancellationToken.None);
        TestTopic.Produce(endpoints, "columns", 0, [Changed("\"id\":1,\"at\"", "\"at\""), Changed("\"count\":5", "\"count\":\"x\"")]);
        using var client = new ClickHouseClient(endpoints);
        var failed = await Eventually.Gives(
            () => client.QueryAsync<Failed>("SELECT failed_columns FROM dead_letters ORDER BY kafka_offset"), rows => rows.Count == 2, "two dead letters");
        Assert.Equal([["id"], ["count"]], failed.Select(letter => letter.FailedColumns));
    }

    static byte[] Changed(string from, string to)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);
        return Utf8(Good.Replace(from, to, StringComparison.Ordinal));
    }

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    sealed record Count(long Rows);

    sealed record Letter(long KafkaOffset, string Message, string Reason);

    sealed record Values(int RightTime, int RightAmount, string Ip, bool Flag, int Small, string? Note, int? Count);

    sealed record Failed(string[] FailedColumns);
}
