using Millrace.Streams.Formats;

namespace Millrace.Streams.Definition;

/// <summary>Reads the <c>format:</c> of a stream, and what each format asks for besides.</summary>
static class FormatReader
{
    const string Usual = "json";

    /// <summary>What each asks for besides, and how it is read.</summary>
    static readonly Dictionary<string, (string[] Fields, Func<YamlFields, RecordFormat> Read)> Formats = new()
    {
        [Usual] = ([], _ => RecordFormat.Json),
        ["csv"] = (["fields", "delimiter"], stream => new CsvFormat(Names(stream), Delimiter(stream))),
        ["tsv"] = (["fields"], stream => new TsvFormat(Names(stream))),
        ["regex"] = (["pattern"], Pattern),
    };

    public static IReadOnlyList<string> Fields { get; } = ["format", .. Formats.Values.SelectMany(format => format.Fields).Distinct()];

    public static RecordFormat Read(YamlFields stream)
    {
        var name = stream.Optional("format") ?? Usual;
        if (!Formats.TryGetValue(name, out var format))
        {
            throw stream.Wrong(
                "format", $"'{name}' is no format{NearestWord.Hint(name, Formats.Keys)}; write {string.Join(", ", Formats.Keys)}");
        }
        var read = format.Read(stream);
        if (Fields.Skip(1).Except(format.Fields).FirstOrDefault(stream.Has) is { } other)
            throw stream.Wrong(other, $"says nothing of format: {name}; remove it, or write another format");
        return read;
    }

    static PatternFormat Pattern(YamlFields stream) => PatternFormat.Of(stream.Text("pattern")) ?? throw stream.Wrong(
        "pattern", "names no field, or holds \\Q; write a group for each, with a name of its own, as in (?<user>\\S+)");

    /// <summary>Every field has a name, and each column is read from one.</summary>
    public static void RequireFields(string file, RecordFormat format, IEnumerable<ColumnDefinition> columns)
    {
        if (format.Fields is not { } fields) return;
        foreach (var column in columns)
        {
            if (column.Path is not { } path || (path.Steps is [{ Name: { } only }] && fields.Contains(only))) continue;
            var hint = NearestWord.Hint(NearestWord.Find(path.Steps[0].Name ?? "", fields) is { } near ? $"$.{near}" : null);
            var all = string.Join(", ", fields.Select(JsonPath.OfField));
            throw column.Places.Wrong(
                file, path.Equals(JsonPath.OfField(column.Name)) ? "name" : "from",
                $"{path} is no field of the records{hint}; write from: and one of {all}");
        }
    }

    static IReadOnlyList<string> Names(YamlFields stream)
    {
        var names = stream.Texts("fields");
        return names.Distinct().Count() == names.Count ? names : throw stream.Wrong("fields", "names a field twice");
    }

    static char Delimiter(YamlFields stream) => stream.Optional("delimiter") switch
    {
        null => CsvFormat.UsualDelimiter,
        [var one] when char.IsAscii(one) && one is not ('"' or '\r' or '\n') && !char.IsAsciiLetterOrDigit(one) => one,
        var other => throw stream.Wrong("delimiter", $"'{other}' is no delimiter; write one character, such as ';' or '|'"),
    };
}
