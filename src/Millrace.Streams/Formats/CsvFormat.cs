namespace Millrace.Streams.Formats;

/// <summary>
/// <c>csv</c>: one line of fields between delimiters (RFC 4180). A field in double quotes may hold everything, a double quote twice. One
/// without quotes loses spaces at its ends, and is null where nothing is left.
/// </summary>
/// <param name="Names">Of the fields, in their order.</param>
/// <param name="Delimiter">One character of ASCII.</param>
public sealed record CsvFormat(IReadOnlyList<string> Names, char Delimiter) : RecordFormat
{
    public const char UsualDelimiter = ',';

    public override string Name => "csv";

    public override IReadOnlyList<string> Fields => Names;

    internal override string ToJson(string value)
    {
        const string Quoted = "replaceAll(substring(field, 3, length(field) - 3), '\"\"', '\"')";
        const string Bare = "nullIf(trimBoth(substring(field, 2)), '')";
        var values = $"arrayMap(field -> if(startsWith(field, {Text($"{Delimiter}\"")}), {Quoted}, {Bare}), fields)";
        var isRead = Number($"isValidUTF8(line) AND length(fields) = {Names.Count} AND {IsWhole}");
        return Split(value, $"if({isRead}, {Object(Names, values)}, '')");
    }

    internal override string Fault(string value)
    {
        var count = Number($"concat('not CSV of {Names.Count} fields: ', toString(length(fields)))");
        return Split(value, $"multiIf(NOT isValidUTF8(line), 'not UTF-8', NOT ({IsWhole}), 'not CSV', {count})");
    }

    public override string ToString() => $"{Name} {Delimiter} {string.Join(' ', Names)}";

    const string IsWhole = "arrayStringConcat(fields) = line";

    /// <param name="within">
    /// SQL over the <c>line</c>, which begins with a delimiter, and its <c>fields</c>, each with the one before it.
    /// </param>
    string Split(string value, string within)
    {
        var delimiter = $"\\x{(int)Delimiter:x2}";
        var field = $"{delimiter}(?:\"(?:[^\"]|\"\")*\"|[^\"{delimiter}\\r\\n][^{delimiter}\\r\\n]*|)";
        return Let("line", $"concat({Text($"{Delimiter}")}, {Line(value)})", Let("fields", $"extractAll(line, {Text(field)})", within));
    }
}
