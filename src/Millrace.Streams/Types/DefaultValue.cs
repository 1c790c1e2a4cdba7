using System.Text.Encodings.Web;
using System.Text.Json;

namespace Millrace.Streams.Types;

/// <summary>A value that a definition states for a type that is made of others: a text, a list or a mapping. Immutable.</summary>
/// <param name="Text">null for a list or mapping, and for null.</param>
/// <param name="IsQuoted">Written in quotes: never null, true or a number.</param>
/// <param name="Items">Of a list.</param>
/// <param name="Fields">Of a mapping, each name once.</param>
public sealed record DefaultValue(
    string? Text, bool IsQuoted, IReadOnlyList<DefaultValue>? Items, IReadOnlyList<(string Name, DefaultValue Value)>? Fields)
{
    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static DefaultValue Null { get; } = new(null, false, null, null);

    public bool IsNull => Text is null && Items is null && Fields is null;

    /// <summary>As JSON, by its own form.</summary>
    internal string Any()
    {
        if (Items is not null) return $"[{string.Join(",", Items.Select(item => item.Any()))}]";
        if (Fields is not null) return $"{{{string.Join(",", Fields.Select(field => $"{Quoted(field.Name)}:{field.Value.Any()}"))}}}";
        return this switch
        {
            { IsNull: true } => "null",
            { IsQuoted: false, Text: "true" or "false" } => Text,
            { IsQuoted: false, Text: var text } when Literal.Exact(text!) is not null => Literal.Json(text!),
            _ => Quoted(Text!),
        };
    }

    internal static string Quoted(string text) => JsonSerializer.Serialize(text, Readable);
}
