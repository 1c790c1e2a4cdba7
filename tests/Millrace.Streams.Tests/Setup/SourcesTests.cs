using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Explain;
using Millrace.Streams.Kafka;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Setup;

/// <summary>Where a column's value comes from, how it is written, and what its rules make of a record; on the real engine and broker.</summary>
[Collection(ServersCollection.Name)]
public class SourcesTests(ServersFixture servers) : ServersTest(servers)
{
    static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    /// <param name="more">What else each record holds: the second makes ClickHouse's parser refuse it.</param>
    [Theory]
    [InlineData("sources", "")]
    [InlineData("sources_exact", ",\"z\":123456789012345678901")]
    public async Task A_column_takes_what_stands_at_its_place(string topic, string more)
    {
        var (stand, stream) = await SetUpAsync(topic, """
              - { name: device, type: String, from: $.meta.device.id }
              - { name: price, type: "Nullable(Decimal(30, 4))", from: $.meta.price }
              - { name: at, type: Nullable(String), from: "$.@timestamp" }
              - { name: odd, type: Nullable(String), from: "$['a b'].x-y" }
              - { name: number, type: Nullable(String), from: $.1 }
              - { name: word, type: Nullable(String), from: $.null.not }
              - { name: first, type: Nullable(String), from: "$.items[0].sku" }
              - { name: last, type: Nullable(Int32), from: "$.items[-1].count" }
              - { name: meta, type: Nullable(String), from: $.meta }
              - { name: again, type: Nullable(String), from: $.meta.device.id }
              - { name: source, type: Nullable(String), from: "header:source" }
              - { name: tries, type: Nullable(UInt8), from: "header: tries" }
              - { name: user, type: Nullable(UInt64), from: key }
              - { name: of, type: String, from: topic }
              - { name: part, type: UInt8, from: partition }
              - { name: place, type: UInt64, from: offset }
              - { name: sent, type: DateTime64(3), from: timestamp }
            """);
        string Record(string fields) => $$"""{"id":1{{fields}}{{more}}}""";
        (string Fields, string Row)[] records =
        [
            (""","meta":{"device":{"id":"d1"},"price":12345678901234567890.1234},"@timestamp":"t","a b":{"x-y":"odd"},"1":"one","null":{"not":1}""",
                "d1 12345678901234567890.1234 t odd one 1 - - {\"device\":{\"id\":\"d1\"},\"price\":12345678901234567890.1234} d1"),
            (""","meta":{"device":{"id":7}},"items":[{"sku":"a","count":1},{"sku":"b","count":2}]""",
                "7 - - - - - a 2 {\"device\":{\"id\":7}} 7"),
            (""","meta":{"device":{"id":"d3"}},"items":{"sku":"none","count":9},"null":[5]""",
                "d3 - - - - - - - {\"device\":{\"id\":\"d3\"}} d3"),
            (""","meta":{"device":{"id":"d4","id":"second"}},"items":[]""",
                "d4 - - - - - - - {\"device\":{\"id\":\"d4\",\"id\":\"second\"}} d4"),
        ];
        (string Fields, string Reason)[] wrong =
        [
            (""","meta":{"device":["d1"]}""", "device is missing"),
            (""","meta":[[["d1"]]]""", "device is missing"),
            (""","meta":"text" """, "device is missing"),
            (""","meta":{"device":{"id":null}}""", "device is null"),
            (""","meta":{"device":{"id":"d"},"price":1.23456}""", "price is not a valid Decimal(30, 4): 1.23456"),
            (""","meta":{"device":{"id":"d"}},"items":[{"count":1.5}]""", "last is not a valid Int32: 1.5"),
        ];
        Produce(stand, topic, records.Select(record => Record(record.Fields)).Concat(wrong.Select(record => Record(record.Fields))));
        using var client = new ClickHouseClient(stand);

        var rows = await RowsAsync(
            client, stream, records.Length,
            "arrayStringConcat([device, " + string.Join(", ", ((string[])["price", "at", "odd", "number", "word", "first", "last", "meta", "again"])
                .Select(name => $"ifNull(toString({name}), '-')")) + "], ' ')");
        Assert.Equal(records.Select(record => record.Row), rows);
        Assert.Equal(
            Enumerable.Range(0, records.Length).Select(offset => $"web 3 42 {topic} 0 {offset} 2026-01-02 03:04:05.678"),
            await RowsAsync(client, stream, records.Length, "concatWithSeparator(' ', source, tries, user, of, part, place, toString(sent, 'UTC'))"));
        Assert.Equal(wrong.Select(record => record.Reason), await LettersAsync(client, topic, wrong.Length));

        var explained = (await RecordExplainer.RunAsync(stand, stream, 0, 0, CancellationToken.None))!;
        Assert.Equal(Verdicts.Row, explained.Verdict);
        Assert.All(explained.Columns, column => Assert.Null(column.Error));
        Assert.Equal("\"web\"", explained.Columns.Single(column => column.Column == "source").Field);
        var letter = (await RecordExplainer.RunAsync(stand, stream, 0, records.Length, CancellationToken.None))!;
        Assert.Equal(("device", "is missing"), letter.Columns.Where(column => column.Error is not null).Select(c => (c.Column, c.Error)).Single());
        foreach (var (column, value) in new[] { ("device", "d1"), ("user", "42"), ("source", "web") })
        {
            var found = await RecordSearch.RunAsync(
                client, stream, stream.Columns.Single(one => one.Name == column), value, CancellationToken.None);
            Assert.Contains(found, hit => hit is { Kind: Verdicts.Row, Offset: 0 });
        }
    }

    /// <inheritdoc cref="A_column_takes_what_stands_at_its_place"/>
    [Theory]
    [InlineData("rules", "")]
    [InlineData("rules_exact", ",\"z\":123456789012345678901")]
    public async Task A_rule_says_what_a_missing_a_null_and_an_invalid_value_mean(string topic, string more)
    {
        var (stand, stream) = await SetUpAsync(topic, """
              - { name: filled, type: UInt8, default: 7 }
              - { name: zero, type: UInt8, missing: default, "null": default, invalid: default }
              - { name: lenient, type: Nullable(UInt8), invalid: "null" }
              - { name: strict, type: Nullable(UInt8), missing: reject }
              - { name: only_null, type: Nullable(UInt8), missing: reject, "null": default, default: 9 }
              - { name: only_missing, type: Nullable(String), missing: default, "null": reject, default: "" }
              - { name: rounded, type: "Nullable(Decimal(6, 2))", invalid: round }
              - { name: whole, type: Nullable(Int8), invalid: round }
              - { name: text, type: LowCardinality(String), missing: default, default: "it's" }
              - { name: day, type: Date, default: "2026-01-02" }
            """);
        const string All = "\"filled\":1,\"zero\":1,\"lenient\":1,\"strict\":1,\"only_null\":1,\"only_missing\":\"m\"";
        string With(string replaced, string by) => All.Replace(replaced, by, StringComparison.Ordinal);
        (string Fields, string Row)[] records =
        [
            (All, "1 1 1 1 1 m - - it's 2026-01-02"),
            ("\"strict\":null,\"only_null\":null", "7 0 - - 9  - - it's 2026-01-02"),
            (With("\"zero\":1", "\"zero\":\"x\""), "1 0 1 1 1 m - - it's 2026-01-02"),
            (With("\"zero\":1,\"lenient\":1", "\"zero\":null,\"lenient\":300"), "1 0 - 1 1 m - - it's 2026-01-02"),
            (All + ",\"rounded\":1.005,\"whole\":-2.5", "1 1 1 1 1 m 1.01 -3 it's 2026-01-02"),
            (All + ",\"rounded\":\"9999.994\",\"whole\":\"126.4999999999999999999999\"", "1 1 1 1 1 m 9999.99 126 it's 2026-01-02"),
            (All + ",\"rounded\":1.2,\"whole\":5,\"text\":\"t\",\"day\":\"2027-01-01\"", "1 1 1 1 1 m 1.2 5 t 2027-01-01"),
        ];
        (string Fields, string Reason)[] wrong =
        [
            (With("\"filled\":1", "\"filled\":null"), "filled is null"),
            (With("\"filled\":1", "\"filled\":-1"), "filled is not a valid UInt8: -1"),
            (With(",\"strict\":1", ""), "strict is missing"),
            (With("\"strict\":1", "\"strict\":\"x\""), "strict is not a valid UInt8: \"x\""),
            (With(",\"only_null\":1", ""), "only_null is missing"),
            (With("\"only_missing\":\"m\"", "\"only_missing\":null"), "only_missing is null"),
            (All + ",\"rounded\":1234567.891", "rounded is not a valid Decimal(6, 2): 1234567.891"),
            (All + ",\"rounded\":\"-\"", "rounded is not a valid Decimal(6, 2): \"-\""),
            (All + ",\"whole\":127.5", "whole is not a valid Int8: 127.5"),
            (All + ",\"day\":\"2026-02-30\"", "day is not a valid Date: \"2026-02-30\""),
        ];
        string Record(string fields) => $$"""{"id":1,{{fields}}{{more}}}""";
        Produce(
            stand, topic,
            [.. records.Select(record => Record(record.Fields)), .. wrong.Select(record => Record(record.Fields)), "{bad", "[]", "{}"]);
        using var client = new ClickHouseClient(stand);

        var columns = stream.Columns.Skip(1).Select(column => $"ifNull(toString({column.Name}), '-')");
        Assert.Equal(
            records.Select(record => record.Row),
            await RowsAsync(client, stream, records.Length, $"arrayStringConcat([{string.Join(", ", columns)}], ' ')"));
        Assert.Equal(
            [
                .. wrong.Select(record => record.Reason), "not valid JSON", "not a JSON object but Array",
                "id is missing; strict is missing; only_null is missing",
            ],
            await LettersAsync(client, topic, wrong.Length + 3));
    }

    /// <summary>What the rules give a value to is no event where it is no JSON object, even if no column asks for anything.</summary>
    [Fact]
    public async Task A_record_that_is_no_object_is_a_dead_letter_though_every_column_has_a_default()
    {
        var (stand, stream) = await SetUpAsync("all_default", "", "default: 1");
        Produce(stand, "all_default", ["{}", "{bad", "{\"id\":5,", "[]", "{\"id\":2,\"z\":123456789012345678901}", "{\"z\":1e400}"]);
        using var client = new ClickHouseClient(stand);
        Assert.Equal(["1", "2", "1"], await RowsAsync(client, stream, 3, "toString(id)"));
        Assert.Equal(
            ["not valid JSON", "not valid JSON", "not a JSON object but Array"], await LettersAsync(client, "all_default", 3));
    }

    /// <inheritdoc cref="A_column_takes_what_stands_at_its_place"/>
    [Theory]
    [InlineData("formats", "")]
    [InlineData("formats_exact", ",\"z\":123456789012345678901")]
    public async Task A_moment_is_read_as_its_format_says(string topic, string more)
    {
        (string Type, string Format, string Value, string Becomes)[] lines =
        [
            ("DateTime64(3)", "iso", "\"2026-01-02T03:04:05.678+01:00\"", "2026-01-02 02:04:05.678"),
            ("DateTime64(3)", "iso", "1767323045", "refused"),
            ("DateTime64(3)", "rfc2822", "\"Fri, 02 Jan 2026 03:04:05 +0200\"", "2026-01-02 01:04:05.000"),
            ("DateTime", "rfc2822", "\"2 Jan 2026 03:04:05 GMT\"", "2026-01-02 03:04:05"),
            ("DateTime64(3)", "rfc2822", "\"Fri, 31 Feb 2026 03:04:05 GMT\"", "refused"),
            ("DateTime64(3)", "rfc2822", "\"2026-01-02\"", "refused"),
            ("DateTime64(3)", "epoch_s", "1767323045.678", "2026-01-02 03:04:05.678"),
            ("DateTime64(3)", "epoch_s", "-1", "1969-12-31 23:59:59.000"),
            ("DateTime", "epoch_s", "-1", "refused"),
            ("DateTime", "epoch_s", "\"4294967295\"", "2106-02-07 06:28:15"),
            ("DateTime", "epoch_s", "4294967296", "refused"),
            ("DateTime64(3)", "epoch_s", "1767323045678", "refused"),
            ("DateTime64(3)", "epoch_ms", "1767323045678", "2026-01-02 03:04:05.678"),
            ("DateTime64(3)", "epoch_ms", "5", "1970-01-01 00:00:00.005"),
            ("DateTime64(3)", "epoch_ms", "\"2026-01-02\"", "refused"),
            ("DateTime64(6)", "epoch_us", "1767323045678901", "2026-01-02 03:04:05.678901"),
            ("DateTime64(9)", "epoch_ns", "1767323045678901234", "2026-01-02 03:04:05.678901234"),
            ("DateTime64(9)", "epoch_ns", "9223372036854775807", "refused"),
            ("DateTime64(9)", "epoch_s", "9223372037", "refused"),
            ("DateTime64(0)", "epoch_ms", "1767323045678", "2026-01-02 03:04:05"),
            ("DateTime64(3, 'Europe/Berlin')", "%d/%m/%Y %H:%i", "\"02/01/2026 03:04\"", "2026-01-02 02:04:00.000"),
            ("DateTime64(3)", "%d/%b/%Y:%H:%i:%s %z", "\"02/Jan/2026:03:04:05 +0100\"", "2026-01-02 02:04:05.000"),
            ("DateTime64(6)", "%F %T.%f", "\"2026-01-02 03:04:05.678901\"", "2026-01-02 03:04:05.678901"),
            ("DateTime", "%d/%m/%Y", "\"30/02/2026\"", "refused"),
            ("DateTime", "%d/%m/%Y", "\"01/02/2026 more\"", "refused"),
            ("DateTime64(3)", "%d/%m/%Y", "\"01/02/3026\"", "refused"),
            ("DateTime64(9)", "%d/%m/%Y", "\"01/02/2290\"", "refused"),
            ("Date", "%d.%m.%Y", "\"02.01.2026\"", "2026-01-02"),
            ("Date", "%d.%m.%Y", "\"02.01.1950\"", "refused"),
            ("Date32", "%d.%m.%Y", "\"02.01.1950\"", "1950-01-02"),
            ("Date", "epoch_s", "1767323045", "2026-01-02"),
            ("DateTime64(0)", "epoch_ms", "-500", "1969-12-31 23:59:59"),
            ("DateTime64(3)", "epoch_s", "-0.0001", "1969-12-31 23:59:59.999"),
            ("DateTime", "epoch_ms", "-500", "refused"),
            ("DateTime64(9)", "epoch_s", "1767323045.678901234", "2026-01-02 03:04:05.678901234"),
            ("DateTime64(3)", "%d/%b/%Y:%H:%i:%s %z", "\"02/Jan/2026:03:04:05 +9999\"", "refused"),
            ("DateTime64(3)", "%d/%b/%Y:%H:%i:%s %z", "\"02/Jan/2026:03:04:05 +0260\"", "refused"),
        ];
        var (stand, stream) = await SetUpAsync(topic, string.Join('\n', lines.Select((line, i) =>
            $"  - {{ name: c{i}, type: \"Nullable({line.Type})\", format: \"{line.Format}\" }}")));
        Produce(stand, topic, lines.Select((line, i) => $$"""{"id":1,"c{{i}}":{{line.Value}}{{more}}}"""));
        using var client = new ClickHouseClient(stand);
        var texts = lines.Select((line, i) => line.Type.StartsWith("DateTime", StringComparison.Ordinal) ? $"toString(c{i}, 'UTC')" : $"toString(c{i})");
        var all = await Eventually.Gives(
            () => client.QueryAsync<Answer>(
                $"SELECT kafka_offset AS offset, coalesce({string.Join(", ", texts)}) AS value FROM {stream.TargetTable} WHERE kafka_topic = '{topic}' "
                + $"UNION ALL SELECT kafka_offset, 'refused' FROM dead_letters WHERE kafka_topic = '{topic}'"),
            answers => answers.Count >= lines.Length, "all records are read");

        var byOffset = all.ToDictionary(answer => (int)answer.Offset, answer => answer.Value);
        Assert.Equal(lines, lines.Select((line, i) => line with { Becomes = byOffset[i] ?? "null" }));
    }

    [Fact]
    public async Task A_name_with_a_point_is_no_path_and_a_whole_number_may_be_written_with_one()
    {
        var (stand, stream) = await SetUpAsync("points", """
              - { name: nested, type: Nullable(String), from: $.a.b }
              - { name: dotted, type: Nullable(String), from: "$['a.b']" }
              - { name: size, type: Nullable(String), from: "$['id.size']" }
              - { name: whole, type: UInt8, default: 12.0 }
            """);
        Produce(stand, "points", ["""{"id":1,"a":{"b":"nested"},"a.b":"dotted"}""", """{"id":1,"id.size":"s"}"""]);
        using var client = new ClickHouseClient(stand);
        Assert.Equal(
            ["nested dotted - 12", "- - s 12"],
            await RowsAsync(
                client, stream, 2, "concatWithSeparator(' ', ifNull(nested, '-'), ifNull(dotted, '-'), ifNull(size, '-'), toString(whole))"));
    }

    [Fact]
    public async Task A_column_that_is_added_has_its_default_in_the_rows_of_before_and_waits_for_nothing()
    {
        var (stand, stream) = await SetUpAsync("default_added", "");
        Produce(stand, "default_added", ["{\"id\":1}"]);
        using var client = new ClickHouseClient(stand);
        await RowsAsync(client, stream, 1, "toString(id)");

        var wider = Catalog("default_added", """
              - { name: region, type: LowCardinality(String), default: "it's unknown" }
              - { name: at, type: DateTime64(3), default: "2026-01-02T03:04:05Z", format: epoch_ms }
              - { name: price, type: "Nullable(Decimal(10, 2))", default: 1.5 }
            """);
        Assert.Empty((await DdlPlan.ComputeAsync(client, wider, stand)).Demands);
        await StandSetup.RunAsync(stand, wider, NullLogger.Instance, CancellationToken.None);
        Produce(stand, "default_added", ["{\"id\":2}", "{\"id\":3,\"region\":\"north\",\"at\":5,\"price\":2}"]);

        Assert.Equal(
            [
                "it's unknown 2026-01-02 03:04:05.000 1.5", "it's unknown 2026-01-02 03:04:05.000 1.5",
                "north 1970-01-01 00:00:00.005 2",
            ],
            await RowsAsync(client, stream, 3, "concatWithSeparator(' ', region, toString(at, 'UTC'), ifNull(toString(price), '-'))"));
        Assert.True((await DdlPlan.ComputeAsync(client, wider, stand)).IsEmpty);
    }

    [Fact]
    public async Task An_edit_that_refuses_records_that_were_valid_lets_those_of_before_be_read_first_and_no_other_edit_does()
    {
        const string at = "  - { name: at, type: DateTime64(3), from: $.at, format: epoch_ms, missing: default }";
        var (stand, _) = await SetUpAsync("demands", at + "\n  - { name: size, type: UInt32 }");
        using var client = new ClickHouseClient(stand);

        Assert.Equal(["at"], await ChangedAsync(at.Replace("epoch_ms", "iso"), "UInt32"));
        Assert.Equal(["at"], await ChangedAsync(at.Replace("$.at", "$.meta.at"), "UInt32"));
        Assert.Equal(["at"], await ChangedAsync(at.Replace(", missing: default", ""), "UInt32"));
        Assert.Empty(await ChangedAsync(at.Replace("missing: default", "missing: default, invalid: default"), "UInt32"));
        Assert.Empty(await ChangedAsync(at, "UInt32, invalid: default"));

        async Task<IReadOnlyList<string>> ChangedAsync(string atColumn, string size)
        {
            var edited = Catalog("demands", $"{atColumn}\n  - {{ name: size, type: {size} }}");
            var demands = (await DdlPlan.ComputeAsync(client, edited, stand)).Demands;
            return demands is [var demand] ? demand.Changed : [];
        }
    }

    /// <param name="columns">Of a stream that others fill.</param>
    async Task<(StandEndpoints Stand, StreamDefinition Stream)> SetUpAsync(string topic, string columns, string id = "")
    {
        var catalog = Catalog(topic, columns, id);
        var stand = await Servers.NewDatabaseAsync();
        await StandSetup.RunAsync(stand, catalog, NullLogger.Instance, CancellationToken.None);
        return (stand, catalog.Streams[0]);
    }

    static StreamCatalog Catalog(string topic, string columns, string id = "") => TestStream.Catalog($$"""
            stream: {{topic}}
            topic: {{topic}}
            partitions: 1
            table: {{topic}}_table
            order_by: [id]
            columns:
              - { name: id, type: UInt64, {{id}} }
            """ + "\n" + columns);

    static void Produce(StandEndpoints stand, string topic, IEnumerable<string> values)
    {
        using var producer = new ProducerBuilder<string, string>(KafkaClientProperties.For(stand)).Build();
        foreach (var value in values)
        {
            producer.Produce(new TopicPartition(topic, 0), new Message<string, string>
            {
                Key = "42",
                Value = value,
                Timestamp = new Timestamp(At),
                Headers = new Headers
                {
                    { "source", Encoding.UTF8.GetBytes("first") }, { "tries", Encoding.UTF8.GetBytes("3") }, { "source", Encoding.UTF8.GetBytes("web") },
                },
            });
        }
        Assert.Equal(0, producer.Flush(TimeSpan.FromSeconds(30)));
    }

    static async Task<IEnumerable<string?>> RowsAsync(ClickHouseClient client, StreamDefinition stream, int count, string value) =>
        (await Eventually.Gives(
            () => client.QueryAsync<Answer>($"SELECT kafka_offset AS offset, {value} AS value FROM {stream.TargetTable} ORDER BY offset"),
            rows => rows.Count >= count, $"{count} rows")).Select(row => row.Value);

    static async Task<IEnumerable<string?>> LettersAsync(ClickHouseClient client, string topic, int count) =>
        (await Eventually.Gives(
            () => client.QueryAsync<Answer>(
                $"SELECT kafka_offset AS offset, reason AS value FROM dead_letters WHERE kafka_topic = '{topic}' ORDER BY offset"),
            letters => letters.Count >= count, $"{count} dead letters")).Select(letter => letter.Value);

    sealed record Answer(ulong Offset, string? Value);
}
