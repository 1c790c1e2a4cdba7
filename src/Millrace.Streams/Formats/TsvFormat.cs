namespace Millrace.Streams.Formats;

/// <summary>
/// <c>tsv</c>: one line of fields between tabs, as ClickHouse's TabSeparated writes it: <c>\t</c>, <c>\n</c>, <c>\\</c> and the like
/// within a field, <c>\N</c> for null.
/// </summary>
/// <param name="Names">Of the fields, in their order.</param>
public sealed record TsvFormat(IReadOnlyList<string> Names) : RecordFormat
{
    public override string Name => "tsv";

    public override IReadOnlyList<string> Fields => Names;

    internal override string ToJson(string value)
    {
        const string Written = @"['\\t', '\\n', '\\r', '\\b', '\\f', '\\0', '\\\'', '\\\\']";
        const string Meant = @"['\t', '\n', '\r', '\b', '\f', '\0', '\'', '\\']";
        var parts = $"extractAll(field, {Text(@"(?s)\\.|[^\\]+|\\")})";
        var plain = $"arrayStringConcat(arrayMap(part -> transform(part, {Written}, {Meant}), {parts}))";
        var values = $"arrayMap(field -> multiIf(field = '\\\\N', NULL, position(field, '\\\\') = 0, field, {plain}), fields)";
        return Split(value, Number($"if(isValidUTF8(line) AND length(fields) = {Names.Count}, {Object(Names, values)}, '')"));
    }

    internal override string Fault(string value) => Split(value, Number(
        $"if(NOT isValidUTF8(line), 'not UTF-8', concat('not TSV of {Names.Count} fields: ', toString(length(fields))))"));

    public override string ToString() => $"{Name} {string.Join(' ', Names)}";

    /// <param name="within">SQL over the <c>line</c> and its <c>fields</c>.</param>
    static string Split(string value, string within) => Let("line", Line(value), Let("fields", "splitByChar('\\t', line)", within));
}
