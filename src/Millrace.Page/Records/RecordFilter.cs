using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Streams.Kafka;

namespace Millrace.Page.Records;

/// <summary>
/// Which records somebody wants to see: those whose key, value or header holds a text in any case of its letters, or, as
/// <c>field=value</c>, whose JSON has a value in a field, and <c>outer.inner=value</c> in a field of a field. Immutable.
/// </summary>
sealed partial class RecordFilter
{
    readonly string _text;
    readonly string[]? _path;

    RecordFilter(string text, string[]? path) => (_text, _path) = (text, path);

    /// <returns>null where all are wanted.</returns>
    public static Predicate<TopicRecord>? Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        return FieldForm().Match(text) is { Success: true } field
            ? new RecordFilter(Bare(field.Groups["value"].Value), field.Groups["path"].Value.Split('.')).Wants
            : new RecordFilter(text.Trim(), null).Wants;
    }

    bool Wants(TopicRecord record) => _path is null ? Holds(record) : HasField(record);

    bool Holds(TopicRecord record) =>
        Holds(record.Key) || Holds(record.Value)
        || record.Headers.Any(header => header.Name.Contains(_text, StringComparison.OrdinalIgnoreCase) || Holds(header.Value));

    bool Holds(byte[]? bytes) => bytes is not null && Encoding.UTF8.GetString(bytes).Contains(_text, StringComparison.OrdinalIgnoreCase);

    bool HasField(TopicRecord record)
    {
        if (record.Value is not { Length: > 0 } value) return false;
        try
        {
            using var document = JsonDocument.Parse(value);
            var element = document.RootElement;
            foreach (var name in _path!)
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return false;
            return TextOf(element) == _text;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or half a surrogate pair in it: no field of it is anything.
            return false;
        }
    }

    /// <summary>A number as it was written, digit by digit.</summary>
    static string TextOf(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();

    /// <summary>The quotes of JSON may be written or left out.</summary>
    static string Bare(string value) => value is ['"', .. var inner, '"'] ? inner : value;

    [GeneratedRegex(@"^\s*(?<path>[A-Za-z_]\w*(\.\w+)*)\s*=\s*(?<value>.*?)\s*$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex FieldForm();
}
