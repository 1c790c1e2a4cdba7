using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Infer;

/// <summary>The definition that a sample of records speaks for.</summary>
public static partial class Proposal
{
    const int LongestStem = 58;

    /// <summary>What a stream is called whose records lie in a file of that name, without its ending.</summary>
    public static string NameFor(string file) => StreamFile.NameFault(file) is null ? file : "records";

    public static bool CanBeTopic(string name) => StreamFile.TopicFault(name) is null;

    /// <param name="name">Of the stream.</param>
    /// <param name="records">A JSON object each.</param>
    /// <param name="note">Takes what is to be said beside the definition; null for nothing.</param>
    /// <exception cref="StreamDefinitionException">Name or topic can't be used, or none of them is a record.</exception>
    public static string From(string name, string topic, SampleSource records, out string? note)
    {
        if (StreamFile.NameFault(name) is { } badName) throw new StreamDefinitionException(badName);
        if (StreamFile.TopicFault(topic) is { } badTopic) throw new StreamDefinitionException(badTopic);
        var sample = RecordSample.Read(records.Texts);
        if (sample.Records == 0)
            throw new StreamDefinitionException(
                $"none of the {records.Unit} is a JSON object: give records of JSON, or write format: by hand");
        note = sample.Others == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{sample.Others} {records.Unit} are no JSON object and were left out, the first is {sample.FirstOther}.");
        var columns = Columns(sample);
        if (columns.Count > FieldFacts.MaxColumns)
            throw new StreamDefinitionException($"the records have more than {FieldFacts.MaxColumns} fields: leave some out");
        var text = Text(name, topic, sample, columns);
        // What is proposed must be what the stand takes.
        StreamFile.Read(name, new StringReader(text));
        return text;
    }

    static string Text(string name, string topic, RecordSample sample, List<ProposedColumn> columns)
    {
        var order = OrderKey(columns);
        var text = new StringBuilder(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # yaml-language-server: $schema={NewStream.Schema}
            # Proposed from {sample.Records} records: check types, what may be missing, and what the table is sorted by.
            # docs/STREAMS.md explains every field.

            stream: {name}
            topic: {StreamTemplate.Quoted(topic)}
            table: {name}_table
            order_by: [{string.Join(", ", order)}]
            columns:

            """));
        foreach (var column in columns) text.Append(column);
        if (order is [OffsetName])
            text.Append($"  # no field is in all records\n  - {{ name: {OffsetName}, type: UInt64, from: offset }}\n");
        return text.ToString();
    }

    /// <summary>For a sample in which every field is missing somewhere: a table is sorted by something.</summary>
    const string OffsetName = "record_offset";

    static IReadOnlyList<string> OrderKey(List<ProposedColumn> columns)
    {
        var sure = columns.Where(column => !column.IsNullable).ToList();
        ProposedColumn?[] named = [sure.Find(column => column.IsTime), sure.Find(column => column.IsId)];
        var names = named.OfType<ProposedColumn>().Select(column => column.Name).ToList();
        return names.Count > 0 ? names : [sure.FirstOrDefault()?.Name ?? OffsetName];
    }

    static List<ProposedColumn> Columns(RecordSample sample)
    {
        var (columns, taken) = (new List<ProposedColumn>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase) { OffsetName });
        Add(sample.Facts, []);
        return columns;

        void Add(FieldFacts parent, List<PathStep> steps)
        {
            foreach (var (field, facts) in parent.Fields)
            {
                List<PathStep> path = [.. steps, new PathStep(field, 0)];
                if (facts.IsNested) Add(facts, path);
                else if (JsonPath.Parse("$" + string.Concat(path)) is { } place)
                    columns.Add(ProposedColumn.Of(FreeName(path, taken), place, facts, sample.Records));
            }
        }
    }

    /// <summary>Fields within others are called after all of them: $.meta.device is meta_device.</summary>
    static string FreeName(List<PathStep> path, HashSet<string> taken)
    {
        var stem = NoLetter().Replace(string.Join('_', path.Select(step => step.Name)), "_").Trim('_');
        if (stem is "" or [not (>= 'a' and <= 'z' or >= 'A' and <= 'Z'), ..]) stem = $"field_{stem}".TrimEnd('_');
        if (stem.Length > LongestStem) stem = stem[..LongestStem];
        if (StreamFile.NameFault(stem) is not null || ColumnReader.IsReserved(stem)) stem += "_value";
        var name = stem;
        for (var i = 2; !taken.Add(name); i++) name = string.Create(CultureInfo.InvariantCulture, $"{stem}_{i}");
        return name;
    }

    [GeneratedRegex("[^A-Za-z0-9_]+")]
    private static partial Regex NoLetter();
}
