using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Millrace.Streams.Definition;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Definition;

/// <summary>
/// What an editor checks is what the stand takes. That the schema forbids nothing else is seen in every test: <see cref="TestStream.Read"/>
/// asks the schema too.
/// </summary>
public partial class StreamSchemaTests
{
    const string AColumn = "\n  - { name: id, type: UInt64, generate: { range: [1, 9] } }";

    static readonly JsonObject Stream = Properties(DefinitionSchema.Json);
    static readonly JsonObject Column = Properties(Stream["columns"]!["items"]!);
    static readonly List<JsonNode?> Generate = [.. Column["generate"]!["anyOf"]!.AsArray()];

    public static TheoryData<string> Shipped =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "streams"), "*.yaml").Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_shipped_definition_is_as_the_schema_says_and_names_it_first(string file)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "streams", file));
        Assert.StartsWith("# yaml-language-server: $schema=stream.schema.json\n", text, StringComparison.Ordinal);
        Assert.Empty(DefinitionSchema.Faults(text));
    }

    [Fact]
    public void The_schema_has_the_fields_of_a_stream() => Assert.Equal(Known("nothing: 1"), Names(Stream));

    [Fact]
    public void The_schema_has_the_fields_of_a_column() =>
        Assert.Equal(Known("stream: a\ncolumns:\n  - { nothing: 1 }"), Names(Column));

    [Fact]
    public void The_schema_has_the_shapes_and_words_of_generators()
    {
        var fields = Generate.Where(shape => shape!["properties"] is not null).SelectMany(shape => Names(Properties(shape!)));
        Assert.Equal(Known(TestStream.Small("a", moreColumns: "  - { name: b, type: UInt8, generate: { nothing: 1 } }")), fields.Order());
        Assert.Equal(EventValueNames.All, Words(Generate.Single(shape => shape!["enum"] is not null)!));
    }

    [Fact]
    public void The_schema_has_the_rules()
    {
        var rules = Enum.GetNames<ValueRule>().Select(rule => rule.ToLowerInvariant()).ToList();
        Assert.Equal(rules, ["reject", "null", "default", "round"]);
        Assert.Equal(rules, Words(Column["invalid"]!));
        Assert.All(["missing", "null"], field => Assert.Equal(rules.SkipLast(1), Words(Column[field]!)));
    }

    /// <summary>Without one an editor has nothing to show, and docs/STREAMS.md a gap.</summary>
    [Fact]
    public void Every_field_has_a_description() =>
        Assert.All(
            [.. Stream, .. Column, .. Generate.Where(shape => shape!["properties"] is not null).SelectMany(shape => Properties(shape!))],
            field => Assert.EndsWith(".", (string?)field.Value!["description"], StringComparison.Ordinal));

    [Fact]
    public void The_schema_takes_every_type_of_the_values_that_a_field_may_have()
    {
        var types = File.ReadLines(Path.Combine(Repository.Root, "docs", "VALUES.md"))
            .Select(line => TypeOfRow().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(types);
        Assert.All(types, type => TestStream.Read(OfType(type)));
    }

    [Theory]
    [InlineData("partitons: 3")]
    [InlineData("partitions: 0")]
    [InlineData("partitions: 2000")]
    [InlineData("partitions: many")]
    [InlineData("weight: -1")]
    [InlineData("topic: a b")]
    [InlineData("topic: ..")]
    [InlineData("table: a-b")]
    [InlineData("order_by: id")]
    [InlineData("order_by: []")]
    [InlineData("order_by: [id, id]")]
    [InlineData("columns: []")]
    [InlineData("columns: [{ name: id }]")]
    [InlineData("columns: [{ name: id, type: Integer }]")]
    [InlineData("columns: [{ name: id, type: Nullable(Nullable(Date)) }]")]
    [InlineData("columns: [{ name: id, type: LowCardinality(Int8) }]")]
    [InlineData("columns: [{ name: id, type: Int8, from: id }]")]
    [InlineData("columns: [{ name: id, type: Int8, from: '$[0].a' }]")]
    [InlineData("columns: [{ name: id, type: Int8, missing: round }]")]
    [InlineData("columns: [{ name: id, type: DateTime, format: epoch }]")]
    [InlineData("columns: [{ name: id, type: Int8, invalid: skip }]")]
    [InlineData("columns: [{ name: id, type: Int8, generate: later }]")]
    [InlineData("columns: [{ name: id, type: Int8, generate: { range: [1] } }]")]
    [InlineData("columns: [{ name: id, type: Int8, generate: { choice: { 1: 0 } } }]")]
    [InlineData("columns: [{ name: id, type: Int8, nulls: 2 }]")]
    public void What_the_stand_refuses_is_marked_in_the_editor(string wrong)
    {
        var field = wrong.Split(':')[0];
        var lines = $"stream: a\ntopic: a\ntable: a_table\nkey: id\norder_by: [id]\ncolumns:{AColumn}".Split('\n');
        bool IsReplaced(string line) => line.StartsWith($"{field}:", StringComparison.Ordinal) || (field == "columns" && line[0] == ' ');
        var yaml = string.Join('\n', [.. lines.Where(line => !IsReplaced(line)), wrong]);
        Assert.Throws<StreamDefinitionException>(() => StreamFile.Read("test.yaml", new StringReader(yaml)));
        Assert.NotEmpty(DefinitionSchema.Faults(yaml));
    }

    /// <summary>YAML's words for truth and nothing, numbers in quotes, and types with spaces are what StreamFile takes.</summary>
    [Theory]
    [InlineData("  - { name: b, type: Nullable(String), missing: null, null: null, invalid: null }")]
    [InlineData("  - { name: b, type: Bool, default: true, generate: { choice: [true, false] } }")]
    [InlineData("  - { name: b, type: Int8, default: 5, missing: default, null: 'default', invalid: default }")]
    [InlineData("  - { name: b, type: String, default: '', missing: default }")]
    [InlineData("  - { name: b, type: Nullable(String), nulls: '0.5', generate: { choice: { a: '2', 1: 3 } } }")]
    [InlineData("  - { name: b, type: ' Nullable( Decimal( 10 ,2 ) ) ', from: \"$['a b'].c[-1]['d']\", invalid: null }")]
    [InlineData("  - { name: b, type: \"Enum16('it''s' = -5, 'b)' = 7)\", from: $.m.b, missing: default }")]
    [InlineData("  - { name: b, type: String, from: 'header: a b', missing: default }")]
    [InlineData("  - { name: b, type: UInt64, from: offset }")]
    [InlineData("  - { name: b, type: Int8, missing: default, invalid: round }")]
    [InlineData("  - { name: b, type: DateTime, missing: default, format: '%Y-%m-%d %H:%i' }")]
    [InlineData("  - { name: b, type: Nullable(DateTime64(9)), format: epoch_ns }")]
    [InlineData("partitions: '4'\nweight: 010")]
    public void What_the_stand_takes_is_not_marked(string more)
    {
        var yaml = TestStream.Small("a", moreColumns: more);
        if (!more.StartsWith(' ')) yaml = yaml.Replace("partitions: 2\n", "", StringComparison.Ordinal);
        TestStream.Read(yaml);
    }

    static string OfType(string type) =>
        TestStream.Small("types", moreColumns: $"  - {{ name: b, type: {JsonSerializer.Serialize(type)}, missing: default }}");

    /// <summary>What the sentence that refuses another field lists: no list beside it can be forgotten.</summary>
    static IEnumerable<string> Known(string yaml)
    {
        var refused = Assert.Throws<StreamDefinitionException>(() => StreamFile.Read("test.yaml", new StringReader(yaml)));
        return refused.Message.Split("the fields are ")[1].Split(", ").Order();
    }

    static JsonObject Properties(JsonNode schema) => schema["properties"]!.AsObject();

    static IEnumerable<string> Names(JsonObject properties) => properties.Select(property => property.Key).Order();

    /// <summary>Without nothing, which is how YAML reads the word null.</summary>
    static IEnumerable<string> Words(JsonNode schema) => schema["enum"]!.AsArray().OfType<JsonNode>().Select(word => (string)word!);

    [GeneratedRegex(@"^\| `([^`]+)` \|")]
    private static partial Regex TypeOfRow();
}
