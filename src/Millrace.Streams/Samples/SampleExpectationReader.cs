using Millrace.Streams.Definition;
using YamlDotNet.RepresentationModel;

namespace Millrace.Streams.Samples;

/// <summary>Reads the <c>expect:</c> of a sample.</summary>
static class SampleExpectationReader
{
    const string Forms = "write row, dead_letter or nothing, or a mapping with row or dead_letter";

    static readonly string[] Words = ["row", "dead_letter", "nothing"];

    /// <param name="hasValue">A record without one is expected to leave nothing, where nothing else is said.</param>
    /// <exception cref="StreamDefinitionException">It says nothing that could be.</exception>
    public static SampleExpectation Read(string file, YamlFields sample, StreamDefinition stream, bool hasValue)
    {
        if (!sample.Has("expect")) return new SampleExpectation(hasValue ? SampleFate.Row : SampleFate.Nothing);
        var node = sample.Node("expect");
        if (node is YamlScalarNode { Value: { } word }) return Of(sample, word);
        var fields = new YamlFields(file, node, "expect", "row", "dead_letter");
        if (fields.Has("row") == fields.Has("dead_letter")) throw sample.Wrong("expect", $"is not one of the two; {Forms}");
        return fields.Has("row") ? Row(file, fields, stream) : DeadLetter(file, fields, stream);
    }

    static SampleExpectation Of(YamlFields sample, string word) => word switch
    {
        "row" => SampleExpectation.Row,
        "dead_letter" => new SampleExpectation(SampleFate.DeadLetter),
        "nothing" => new SampleExpectation(SampleFate.Nothing),
        _ => throw sample.Wrong("expect", $"'{word}' is none of the outcomes{NearestWord.Hint(word, Words)}; {Forms}"),
    };

    static SampleExpectation Row(string file, YamlFields expect, StreamDefinition stream)
    {
        string[] known = [.. stream.Columns.Select(column => column.Name)];
        var fields = new YamlFields(file, expect.Node("row"), $"a row of {stream.Name}", known);
        return SampleExpectation.Row with { Columns = [.. known.Where(fields.Has).Select(column => (column, Text(fields, column)))] };
    }

    static string? Text(YamlFields fields, string column) => fields.Node(column) switch
    {
        var node when SampleBytes.IsNull(node) => null,
        YamlScalarNode { Value: var text } => text,
        _ => throw fields.Wrong(column, "is not a single value; write ClickHouse's text of it in quotes, such as \"['a','b']\""),
    };

    static SampleExpectation DeadLetter(string file, YamlFields expect, StreamDefinition stream)
    {
        var fields = new YamlFields(file, expect.Node("dead_letter"), "dead_letter", "reason", "column");
        var column = fields.Optional("column");
        var names = stream.ReadColumns.Select(read => read.Name).ToList();
        if (column is not null && !names.Contains(column))
        {
            throw fields.Wrong(
                "column",
                $"'{column}' is not a column of {stream.Name} that is read from records{NearestWord.Hint(column, names)}; "
                    + $"name one of {string.Join(", ", names)}");
        }
        return new SampleExpectation(SampleFate.DeadLetter) { Reason = fields.Optional("reason"), Column = column };
    }
}
