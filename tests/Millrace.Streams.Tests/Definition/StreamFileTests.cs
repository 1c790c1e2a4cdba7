using Millrace.Streams.Definition;

namespace Millrace.Streams.Tests.Definition;

public class StreamFileTests
{
    const string InQuotes = "between quotes write characters that can be seen, \\' or '' for a quote and \\\\ for a backslash";

    const string Valid =
        """
        stream: demo
        topic: demo_topic
        partitions: 4
        key: id
        table: demo_table
        order_by: [id, at]
        weight: 10
        columns:
          - name: id
            type: UInt64
            generate: session.user_id
          - name: at
            type: DateTime64(3)
            generate: now
          - name: price
            type: Decimal(10, 2)
            generate: { range: [0.50, 99.99] }
          - name: tag
            type: Nullable(String)
            generate: { choice: { a: 3, b: 1 } }
            nulls: 0.25
        """;

    [Fact]
    public void A_stream_that_others_fill_need_not_say_how_values_are_made()
    {
        var foreign = Valid.Replace("weight: 10", "weight: 0", StringComparison.Ordinal)
            .Replace("    generate: session.user_id\n", "", StringComparison.Ordinal);
        Assert.IsType<ColumnGenerator.None>(StreamFile.Read("demo.yaml", new StringReader(foreign)).Columns[0].Generator);
        var ours = foreign.Replace("weight: 0", "weight: 1", StringComparison.Ordinal);
        var refused = Assert.Throws<StreamDefinitionException>(() => StreamFile.Read("demo.yaml", new StringReader(ours)));
        Assert.Contains("generate", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_says_everything_from_the_topic_to_the_table()
    {
        var stream = TestStream.Read(Valid);
        Assert.Equal(
            ("demo", "demo_topic", 4, "id", "demo_table", 10),
            (stream.Name, stream.Topic, stream.Partitions, stream.KeyColumn, stream.TargetTable, stream.Weight));
        Assert.Equal(["id", "at"], stream.OrderKey);
        Assert.Equal(["UInt64", "DateTime64(3)", "Decimal(10, 2)", "Nullable(String)"], stream.Columns.Select(column => column.Type.Sql));
        Assert.Equal([true, true, true, false], stream.Columns.Select(column => column.IsRequired));
        Assert.Equal(new ColumnGenerator.Range(0.50m, 99.99m), stream.Columns[2].Generator);
        Assert.Equal([new WeightedValue("a", 3), new WeightedValue("b", 1)], Assert.IsType<ColumnGenerator.Choice>(stream.Columns[3].Generator).Values);
        Assert.Equal(0.25, stream.Columns[3].NullShare);
    }

    [Fact]
    public void What_is_not_said_has_a_default()
    {
        var stream = TestStream.Read(Valid.Replace("partitions: 4\n", "", StringComparison.Ordinal).Replace("weight: 10\n", "", StringComparison.Ordinal));
        Assert.Equal((3, 1, null, "dead_letters"), (stream.Partitions, stream.Weight, stream.After, stream.DeadLetterTable));
    }

    [Theory]
    [InlineData(
        "topic: demo_topic", "topics: demo_topic",
        "line 2, column 1: topics: is not a field of a stream (did you mean 'topic'?); the fields are stream, topic,")]
    [InlineData("topic: demo_topic", "", "line 1, column 1: topic: is missing; add it")]
    [InlineData("topic: demo_topic", "topic: demo topic", "line 2, column 8: topic: 'demo topic' is not a topic name")]
    [InlineData("topic: demo_topic", "topic: ..", "line 2, column 8: topic: '..' is not a topic name")]
    [InlineData("topic: demo_topic", "topic: [a]", "line 2, column 8: topic: is not a single value")]
    [InlineData("partitions: 4", "partitions: 0", "line 3, column 13: partitions: '0' is not a whole number from 1 to 1024")]
    [InlineData("partitions: 4", "partitions: many", "line 3, column 13: partitions: 'many' is not a whole number")]
    [InlineData("key: id", "key: ident", "line 4, column 6: key: 'ident' is not a column of this stream; name one of id, at, price, tag")]
    [InlineData("key: id", "key: tag", "line 4, column 6: key: 'tag' is Nullable; name a column that is not")]
    [InlineData("order_by: [id, at]", "order_by: [id, when]", "line 6, column 16: order_by: 'when' is not a column of this stream")]
    [InlineData("order_by: [id, at]", "order_by: [id, id]", "line 6, column 11: order_by: names a column twice")]
    [InlineData("order_by: [id, at]", "order_by: []", "line 6, column 11: order_by: is not a list of at least one item")]
    [InlineData("table: demo_table", "table: demo-table", "line 5, column 8: table: 'demo-table' is not an identifier")]
    [InlineData("table: demo_table", "table: index", "line 5, column 8: table: 'index' is a word of SQL")]
    [InlineData(
        "table: demo_table", "table: setup_lock",
        "line 5, column 8: table: 'setup_lock' is a name the stand uses itself; choose another")]
    [InlineData("table: demo_table", "table: \"demo_table\\n\"", "line 5, column 8: table: 'demo_table\n' is not an identifier")]
    [InlineData("topic: demo_topic", "topic: \"demo_topic\\n\"", "line 2, column 8: topic: 'demo_topic\n' is not a topic name")]
    [InlineData("weight: 10", "weight: -1", "line 7, column 9: weight: '-1' is not a whole number from 0")]
    [InlineData("name: at", "name: id", "line 12, column 11: name: 'id' is the name of an earlier column; choose another")]
    [InlineData("name: at", "name: kafka_offset", "line 12, column 11: name: 'kafka_offset' is a name the stand uses itself")]
    [InlineData("name: at", "name: _at", "line 12, column 11: name: '_at' is not an identifier")]
    [InlineData(
        "type: UInt64", "type: Integer",
        "line 10, column 11: type: 'Integer' is not a type of this stand (did you mean 'Int32'?); write one of String, FixedString(N)")]
    [InlineData("type: UInt64", "type: 7", "line 10, column 11: type: '7' is not a type of this stand")]
    [InlineData("type: UInt64", "type: DateTime64(10)", "line 10, column 11: type: 'DateTime64(10)' is not a type of this stand")]
    [InlineData("type: UInt64", "type: Decimal(77, 2)", "line 10, column 11: type: 'Decimal(77, 2)' is not a type of this stand")]
    [InlineData("type: UInt64", "type: Nullable(LowCardinality(String))", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: LowCardinality(Int32)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Time64(10)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Array()", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Array(Int8, Int8)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Map(String)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Map(Array(String), Int8)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Map(JSON, Int8)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Tuple(a Int8, Int8)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Tuple(a Int8, a Int8)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Tuple(`null` Int8)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Nested(Int8)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: JSON(a Int8)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Interval", "is not a type of this stand; write one of String, FixedString(N), LowCardinality(...) of " +
        "these two, UUID, IPv4, IPv6, Bool, Enum('a', 'b'), also as Enum8 or Enum16, Int8 to Int256,")]
    [InlineData("type: UInt64", "type: Enum('a' = 1, 'a' = 2)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Enum8('a' = 128)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Enum('a' 'b')", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Enum('a\\')", "is not a type of this stand")]
    [InlineData("type: UInt64", @"type: Enum('a\n')", "line 10, column 11: type: has an escape that is unknown here, \\n; " + InQuotes)]
    [InlineData(
        "type: UInt64", @"type: Enum('a', '\x41' = 2)",
        "line 10, column 11: type: has an escape that is unknown here, \\x; " + InQuotes)]
    [InlineData("type: UInt64", @"type: ""Enum('a\nb')""", "line 10, column 11: type: has a control character, U+000A; " + InQuotes)]
    [InlineData("type: UInt64", @"type: ""Enum('a', '\\\t')""", "line 10, column 11: type: has a control character, U+0009; " + InQuotes)]
    [InlineData("type: UInt64", "type: DateTime('Nowhere')", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: FixedString(0)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: UInt64)", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Nullable(Nullable(Date))", "is not a type of this stand")]
    [InlineData("type: UInt64", "type: Decimal(10", "is not a type of this stand")]
    [InlineData(
        "generate: session.user_id",
        "generate: { choice: [18446744073709551616] }",
        "line 11, column 26: choice: '18446744073709551616' is not a value of UInt64")]
    [InlineData(
        "type: UInt64\n    generate: session.user_id",
        "type: UInt256\n    generate: { range: [0, 123456789012345678901234567890123] }",
        "line 11, column 28: range: '123456789012345678901234567890123' has more than 18 digits")]
    [InlineData(
        "type: UInt64\n    generate: session.user_id",
        "type: UUID\n    generate: { choice: [x] }",
        "line 11, column 26: choice: 'x' is not a value of UUID")]
    [InlineData(
        "type: DateTime64(3)\n    generate: now",
        "type: DateTime\n    generate: { choice: [2026-02-30] }",
        "line 14, column 26: choice: '2026-02-30' is not a value of DateTime")]
    [InlineData("generate: now", "generate: later", "line 14, column 15: generate: 'later' is no generator")]
    [InlineData(
        "generate: now", "generate: uuid",
        "line 14, column 15: generate: 'uuid' does not fit the type DateTime64(3); it fits UUID, String")]
    [InlineData(
        "    type: Decimal(10, 2)\n    generate: { range: [0.50, 99.99] }",
        "    type: Decimal(3, 2)\n    generate: product.price",
        "line 17, column 15: generate: 'product.price' does not fit the type Decimal(3, 2); write Decimal(6, 2), "
        + "or a Decimal with no fewer digits before and after the point")]
    [InlineData(
        "    type: Decimal(10, 2)\n    generate: { range: [0.50, 99.99] }",
        "    type: Decimal(18, 1)\n    generate: order.amount",
        "line 17, column 15: generate: 'order.amount' does not fit the type Decimal(18, 1); write Decimal(6, 2)")]
    [InlineData("generate: now", "generate: { range: [1, 2] }", "line 14, column 24: range: does not fit the type DateTime64(3)")]
    [InlineData(
        "generate: now", "generate: { pick: [1, 2] }",
        "line 14, column 17: pick: is not a field of generate; the fields are choice, range, array, length, object")]
    [InlineData("[0.50, 99.99]", "[99.99, 0.50]", "line 17, column 24: range: 99.99 is above 0.50")]
    [InlineData("[0.50, 99.99]", "[1]", "line 17, column 24: range: is not [minimum, maximum]")]
    [InlineData("[0.50, 99.99]", "[0.505, 1]", "line 17, column 25: range: '0.505' is not a value of Decimal(10, 2)")]
    [InlineData(
        "generate: session.user_id",
        "generate: { range: [0, 18446744073709551615] }",
        "line 11, column 28: range: '18446744073709551615' has more than 18 digits, those after the point among them; "
        + "the emitter makes no more")]
    [InlineData(
        "    type: Decimal(10, 2)\n    generate: { range: [0.50, 99.99] }",
        "    type: Decimal(38, 30)\n    generate: { range: [1, 2] }",
        "line 17, column 25: range: '1' has more than 18 digits, those after the point among them; the emitter makes no more")]
    [InlineData("{ a: 3, b: 1 }", "{ a: 0 }", "line 20, column 30: choice: '0' is not a weight; write a whole number above 0")]
    [InlineData("nulls: 0.25", "nulls: 2", "line 21, column 12: nulls: '2' is not a number from 0 to 1")]
    [InlineData(
        "type: Nullable(String)", "type: String",
        "line 21, column 12: nulls: String can't be null; make the type Nullable or remove nulls")]
    [InlineData("stream: demo", "stream: demo\nstream: other", "line 2, column 1: YAML: ")]
    [InlineData("stream: demo", "stream: [", "YAML: ")]
    public void What_is_wrong_is_said_with_file_line_and_field(string right, string wrong, string message)
    {
        Assert.Contains(right, Valid, StringComparison.Ordinal);
        var refused = Assert.Throws<StreamDefinitionException>(() => TestStream.Read(Valid.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.StartsWith("test.yaml, line ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A word that is far from all of them is not guessed at.</summary>
    [Theory]
    [InlineData(
        "partitions: 4", "pratitions: 4",
        "line 3, column 1: pratitions: is not a field of a stream (did you mean 'partitions'?); the fields are")]
    [InlineData("partitions: 4", "shards: 4", "shards: is not a field of a stream; the fields are")]
    [InlineData("name: price", "nmae: price", "line 15, column 5: nmae: is not a field of a column (did you mean 'name'?); the fields are")]
    [InlineData("range: [0.50", "rang: [0.50", "rang: is not a field of generate (did you mean 'range'?); the fields are choice, range")]
    [InlineData(
        "key: id", "key: pirce",
        "line 4, column 6: key: 'pirce' is not a column of this stream (did you mean 'price'?); name one of")]
    [InlineData("key: id", "key: x", "key: 'x' is not a column of this stream; name one of")]
    [InlineData("[id, at]", "[id, pric]", "line 6, column 16: order_by: 'pric' is not a column of this stream (did you mean 'price'?)")]
    [InlineData("type: UInt64", "type: Uint64", "type: 'Uint64' is not a type of this stand (did you mean 'UInt64'?); write one of")]
    [InlineData("type: UInt64", "type: Nulable( Strng )", "(did you mean 'Nullable( String )'?)")]
    [InlineData("type: UInt64", "type: nullable(enum('Strng' = 1, 'int' = 2))", "(did you mean 'Nullable(Enum('Strng' = 1, 'int' = 2))'?)")]
    [InlineData("type: UInt64", "type: Nullable(LowCardinality(String))", "(did you mean 'LowCardinality(Nullable(String))'?)")]
    [InlineData("type: UInt64", "type: bigint", "(did you mean 'Int64'?)")]
    [InlineData("type: UInt64", "type: Nullable(Array(String))", "(did you mean 'Array(Nullable(String))'?)")]
    [InlineData("type: UInt64", "type: LowCardinality(Array(String))", "(did you mean 'Array(LowCardinality(String))'?)")]
    [InlineData("type: UInt64", "type: Nullable(Array(Decimal(18, 2)))", "(did you mean 'Array(Nullable(Decimal(18, 2)))'?)")]
    [InlineData("type: UInt64", "type: Map(Nullable(String), Int8)", "(did you mean 'Map(String, Int8)'?)")]
    [InlineData("type: UInt64", "type: Nullable(Map(String, Int8))", "(did you mean 'Map(String, Int8)'?)")]
    [InlineData("type: UInt64", "type: Nullable(Tuple(a Int8))", "(did you mean 'Tuple(a Int8)'?)")]
    [InlineData("type: UInt64", "type: LowCardinality(JSON)", "(did you mean 'JSON'?)")]
    [InlineData("type: UInt64", "type: array(string)", "(did you mean 'Array(String)'?)")]
    [InlineData("type: UInt64", "type: jsonb", "(did you mean 'JSON'?)")]
    [InlineData("type: UInt64", "type: Decimal", "(did you mean 'Decimal(18, 2)'?)")]
    [InlineData("type: UInt64", "type: Decimal(77, 2)", "type: 'Decimal(77, 2)' is not a type of this stand; write one of")]
    [InlineData(
        "generate: session.user_id", "generate: sesion.user",
        "generate: 'sesion.user' is no generator (did you mean 'session.user_id'?);")]
    [InlineData("generate: now", "generate: later", "generate: 'later' is no generator; write one of the words")]
    [InlineData(
        "nulls: 0.25", "missing: defualt",
        "missing: 'defualt' is no rule (did you mean 'default'?); write reject, null or default")]
    [InlineData("nulls: 0.25", "missing: skip", "missing: 'skip' is no rule; write reject, null or default")]
    [InlineData(
        "generate: session.user_id", "from: patition",
        "from: 'patition' is no place in a record (did you mean 'partition'?); write")]
    [InlineData("generate: session.user_id", "from: heder:source", "(did you mean 'header:source'?)")]
    [InlineData("generate: session.user_id", "from: meta.device.id", "(did you mean '$.meta.device.id'?)")]
    [InlineData("generate: session.user_id", "from: a b", "from: 'a b' is no place in a record; write")]
    public void The_nearest_right_word_is_proposed(string right, string wrong, string message)
    {
        Assert.Contains(right, Valid, StringComparison.Ordinal);
        var refused = Assert.Throws<StreamDefinitionException>(() => TestStream.Read(Valid.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("just text")]
    [InlineData("- a\n- b")]
    [InlineData("stream: a\n---\nstream: b")]
    public void A_file_that_is_no_definition_is_refused(string yaml) =>
        Assert.StartsWith(
            "test.yaml, line 1, column 1: ",
            Assert.Throws<StreamDefinitionException>(() => TestStream.Read(yaml)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("from: meta.id", "'meta.id' is no place in a record (did you mean '$.meta.id'?); write a path into the record's JSON such as $.meta.device.id")]
    [InlineData("from: \"$.a[*]\"", "'$.a[*]' is no place in a record")]
    [InlineData("from: \"header:\"", "'header:' is no place in a record")]
    [InlineData("from: \"$.a[0]\", generate: { range: [1, 2] }", "the emitter writes fields of objects and the key, not $.a[0]")]
    [InlineData("from: \"header:a\", generate: { range: [1, 2] }", "the emitter writes fields of objects and the key, not header:a")]
    [InlineData("from: $.id.b, generate: { range: [1, 2] }", "'id' is made at $.id already")]
    [InlineData("from: \"header:a\"", "the emitter does not write header:a, which more needs; give it missing: default")]
    [InlineData("from: \"$.a[0].b\"", "the emitter does not write $.a[0].b, which more needs")]
    [InlineData("missing: never", "'never' is no rule; write reject, null or default")]
    [InlineData("missing: \"null\"", "UInt8 can't be null; make the type Nullable, or write reject or default")]
    [InlineData("missing: round", "'round' is for invalid: of whole numbers and Decimal")]
    [InlineData("default: 256", "'256' is not a value of UInt8")]
    [InlineData("default: 5, missing: reject", "is used by no rule; write missing: default, null: default or invalid: default")]
    [InlineData("format: epoch_ms", "is for Date, Date32, DateTime and DateTime64, not for UInt8")]
    public void What_can_t_be_of_a_column_s_source_rules_or_format_is_said(string fields, string sentence) =>
        Refuses($"{{ name: more, type: UInt8, {fields} }}", sentence);

    [Theory]
    [InlineData("format: unix", "'unix' is no format; write iso, rfc2822, epoch_s")]
    [InlineData("format: epoc_ms", "'epoc_ms' is no format (did you mean 'epoch_ms'?); write iso, rfc2822, epoch_s")]
    [InlineData("format: \"%H:%i\"", "'%H:%i' is no format")]
    [InlineData("format: \"%Y-%m-%d %Q\"", "'%Y-%m-%d %Q' is no format")]
    [InlineData("format: \"%Y-%m-%d %\"", "'%Y-%m-%d %' is no format")]
    [InlineData("format: iso, from: timestamp", "the timestamp of a record is always in milliseconds")]
    [InlineData("format: rfc2822, generate: now", "the emitter writes no rfc2822")]
    public void What_can_t_be_of_a_moment_s_format_is_said(string fields, string sentence) =>
        Refuses($"{{ name: more, type: DateTime, {fields} }}", sentence);

    [Theory]
    [InlineData("type: Array(Int8), missing: \"null\"", "ClickHouse keeps no NULL in place of Array(Int8); write reject or default")]
    [InlineData("type: Array(Int8), default: [1, 200]", "default: is not a value of Array(Int8); write a list")]
    [InlineData("type: Array(Int8), default: 1", "default: is not a value of Array(Int8); write a list")]
    [InlineData("type: \"Map(UInt8, String)\", default: { x: a }", "default: is not a value of Map(UInt8, String); write a mapping")]
    [InlineData("type: Tuple(a Int8), default: { a: 1, b: 2 }", "default: is not a value of Tuple(a Int8); write a mapping from the names")]
    [InlineData("type: \"Tuple(Int8, Int8)\", default: [1]", "is not a value of Tuple(Int8, Int8); write a list of a value for each")]
    [InlineData("type: JSON, default: [1]", "default: is not a value of JSON; write a mapping")]
    [InlineData(
        "type: Array(String), from: key",
        "from: Array(String) is made of JSON, which key is not; write a path, or the type String")]
    [InlineData("type: JSON, from: \"header:a\"", "from: JSON is made of JSON, which header:a is not")]
    [InlineData("type: Array(Int8), generate: { array: { range: [1, 200] } }", "range: '200' is not a value of Int8")]
    [InlineData("type: Array(Int8), generate: { array: now }", "array: 'now' does not fit the type Int8")]
    [InlineData("type: Array(Int8), generate: { array: order.quantity, length: [3, 1] }", "length: 3 is above 1")]
    [InlineData(
        "type: Array(Int8), generate: { array: order.quantity, length: [0, 5000] }",
        "length: '5000' is not a whole number from 0 to 1000")]
    [InlineData("type: Int8, generate: { array: order.quantity }", "array: does not fit the type Int8; it fits Array and Nested")]
    [InlineData("type: Tuple(a Int8), generate: { object: { b: order.quantity } }", "b: is not a field of object; the fields are a")]
    [InlineData(
        "type: \"Tuple(a Int8, b Int8)\", generate: { object: { b: order.quantity } }",
        "object: lacks a, which Tuple(a Int8, b Int8)")]
    [InlineData("type: \"Map(UInt8, Int8)\", generate: { object: { x: order.quantity } }", "object: 'x' is not a value of UInt8")]
    [InlineData("type: JSON, generate: { choice: [1] }", "choice: holds what is not a value of JSON; write a mapping, for each")]
    [InlineData("type: Int8, generate: { range: [1, 2], length: [1, 2] }", "length: is for array; remove it")]
    public void What_can_t_be_of_a_type_that_is_made_of_others_is_said(string fields, string sentence) =>
        Refuses($"{{ name: more, {fields} }}", sentence);

    [Theory]
    [InlineData("type: Int8, codec: ZTSD(3)", "codec: 'ZTSD' is no codec (did you mean 'ZSTD'?); write one or more of NONE, LZ4,")]
    [InlineData("type: Int8, codec: \"ZSTD(23)\"", "codec: ZSTD has the levels 1 to 22")]
    [InlineData("type: Int8, codec: \"LZ4(1)\"", "codec: LZ4 has no level")]
    [InlineData("type: Int8, codec: Delta", "codec: Delta packs nothing by itself; write Delta, LZ4 or Delta, ZSTD(1)")]
    [InlineData("type: Int8, codec: \"ZSTD, Delta\"", "codec: ZSTD stands last")]
    [InlineData("type: String, codec: \"Delta, ZSTD\"", "codec: Delta is for numbers and times, not for String; write LZ4 or ZSTD")]
    [InlineData("type: Int8, codec: Gorilla", "codec: Gorilla is for Float32 and Float64, not for Int8")]
    [InlineData("type: Int128, codec: T64", "codec: T64 is for whole numbers and times of up to 64 bits, not for Int128")]
    [InlineData("type: Int8, codec: \"ZSTD(\"", "codec: 'ZSTD(' is no codec")]
    [InlineData("type: Int8, ttl: \"now())\"", "ttl: has parentheses that do not match")]
    [InlineData("type: Int8, ttl: \"now() -- x\"", "ttl: has --, which ends an expression")]
    [InlineData(
        "type: Int8, expr: score, from: key",
        "from: is for what is read from records, and expr makes this column; remove one of the two")]
    [InlineData("type: Int8, expr: \"'a\"", "expr: has a quote that does not end; add it")]
    public void What_can_t_be_of_a_column_s_storage_is_said(string fields, string sentence) =>
        Refuses($"{{ name: more, {fields} }}", sentence);

    [Theory]
    [InlineData("{ name: more, type: JSON }", "order_by: 'more' is JSON; name a column of a single value")]
    [InlineData(
        "{ name: more, type: Array(Int8), generate: { array: order.quantity } }",
        "'more' is Array(Int8); name a column of a single value")]
    [InlineData(
        "{ name: more, type: Int8, expr: score, ttl: now() }",
        "order_by: 'more' has a ttl, and ClickHouse keeps what a table is sorted by")]
    public void What_a_table_can_t_be_sorted_by_is_said(string column, string sentence)
    {
        var yaml = TestStream.Small("any", moreColumns: $"  - {column}").Replace("order_by: [id]", "order_by: [id, more]", StringComparison.Ordinal)
            .Replace("partitions: 2\nkey: id\n", "weight: 0\n", StringComparison.Ordinal);
        Assert.Contains(sentence, Assert.Throws<StreamDefinitionException>(() => TestStream.Read(yaml)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decimal_that_no_wider_type_can_round_has_no_round() =>
        Refuses("{ name: more, type: \"Decimal(76, 50)\", invalid: round }", "'round' is for invalid: of whole numbers and Decimal");

    [Fact]
    public void A_name_that_the_tables_have_themselves_is_refused() =>
        Refuses("{ name: kafka_value, type: Nullable(String) }", "'kafka_value' is a name the stand uses itself");

    [Fact]
    public void Events_that_their_own_stream_rejects_are_refused() => Refuses(
        "{ name: more, type: Nullable(UInt8), generate: { range: [1, 2] }, nulls: 0.5, \"null\": reject }",
        "nulls: makes events that null: reject refuses");

    static void Refuses(string column, string sentence)
    {
        var yaml = TestStream.Small("any", moreColumns: $"  - {column}");
        Assert.Contains(sentence, Assert.Throws<StreamDefinitionException>(() => TestStream.Read(yaml)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_none_of_whose_columns_has_a_generator_is_not_emitted_and_needs_no_key()
    {
        var stream = TestStream.Read("""
            stream: s
            topic: t
            table: s_table
            order_by: [id]
            columns: [{ name: id, type: UInt64, from: $.a.id }]
            """);
        Assert.Equal((0, null), (stream.Weight, stream.KeyColumn));
    }
}
