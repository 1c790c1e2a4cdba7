using Millrace.Streams.Formats;

namespace Millrace.Streams.Definition;

/// <summary>Reads the <c>format:</c> of a stream, and what each format asks for besides.</summary>
static class FormatReader
{
    public static readonly string[] Fields = ["format", "fields", "delimiter", "pattern"];

    static readonly string[] Formats = ["json", "csv", "tsv", "regex"];

    public static RecordFormat Read(YamlFields stream)
    {
        var name = stream.Optional("format") ?? "json";
        var format = name switch
        {
            "json" => RecordFormat.Json,
            "csv" => new CsvFormat(Names(stream), Delimiter(stream)),
            "tsv" => new TsvFormat(Names(stream)),
            "regex" => PatternFormat.Of(stream.Text("pattern"))
                ?? throw stream.Wrong("pattern", "names no field, or holds \\Q; write a group for each, with a name of its own, as in (?<user>\\S+)"),
            _ => throw stream.Wrong("format", $"'{name}' is no format{NearestWord.Hint(name, Formats)}; write {string.Join(", ", Formats)}"),
        };
        string[] used = name switch { "csv" => ["fields", "delimiter"], "tsv" => ["fields"], "regex" => ["pattern"], _ => [] };
        if (Fields.Skip(1).Except(used).FirstOrDefault(stream.Has) is { } other)
            throw stream.Wrong(other, $"says nothing of format: {name}; remove it, or write another format");
        return format;
    }

    /// <summary>Every field has a name, and each column is read from one.</summary>
    public static void RequireFields(string file, RecordFormat format, IEnumerable<ColumnDefinition> columns)
    {
        if (format.Fields is not { } fields) return;
        foreach (var column in columns)
        {
            if (column.Path is not { } path || (path.Steps is [{ Name: { } only }] && fields.Contains(only))) continue;
            var hint = NearestWord.Hint(NearestWord.Find(path.Steps[0].Name ?? "", fields) is { } near ? $"$.{near}" : null);
            throw column.Places.Wrong(
                file, path.Equals(JsonPath.OfField(column.Name)) ? "name" : "from",
                $"{path} is no field of the records{hint}; write from: and one of {string.Join(", ", fields.Select(field => JsonPath.OfField(field)))}");
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
