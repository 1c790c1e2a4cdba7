using System.Text;
using System.Text.Json.Nodes;

namespace Millrace.Streams.Tests.Definition;

/// <summary>Makes the reference of docs/STREAMS.md from the schema, so that an editor and a reader are told the same.</summary>
static class StreamReference
{
    public static string Write(JsonObject schema)
    {
        var column = schema["properties"]!["columns"]!["items"]!.AsObject();
        var generators = column["properties"]!["generate"]!["anyOf"]!.AsArray().Where(shape => shape!["properties"] is not null);
        var text = new StringBuilder();
        Section(text, "Fields of a stream", schema);
        Section(text, "Fields of a column", column);
        Section(text, "Fields of `generate`", [.. generators.SelectMany(shape => shape!["properties"]!.AsObject())], []);
        return text.ToString();
    }

    static void Section(StringBuilder text, string title, JsonObject schema) => Section(
        text, title, [.. schema["properties"]!.AsObject()], [.. schema["required"]!.AsArray().Select(field => (string)field!)]);

    static void Section(StringBuilder text, string title, List<KeyValuePair<string, JsonNode?>> fields, List<string> required)
    {
        text.Append($"## {title}\n\n| field | takes | meaning |\n|---|---|---|\n");
        foreach (var (name, field) in fields)
        {
            var needed = required.Contains(name) ? " (needed)" : "";
            text.Append($"| `{name}`{needed} | {Escaped(Takes(field!))} | {Escaped((string)field!["description"]!)} |\n");
        }
        text.Append('\n');
    }

    static string Takes(JsonNode field)
    {
        var examples = field["examples"]?.AsArray().Select(Code).ToList() ?? [];
        if (Words(field) is { Count: > 0 } words) return string.Join(", ", words.Select(word => $"`{word}`"));
        if (field["anyOf"]?.AsArray() is { } shapes)
        {
            var named = shapes.SelectMany(shape => Words(shape!)).Select(word => $"`{word}`");
            return string.Join(", ", named.Concat(examples).Distinct());
        }
        var kind = Kind(field);
        return examples.Count > 0 ? $"{kind}, as in {string.Join(", ", examples)}" : kind;
    }

    static string Kind(JsonNode field)
    {
        var types = field["type"] is JsonArray many ? [.. many.Select(type => (string)type!)] : new[] { (string)field["type"]! };
        var bounds = field["maximum"] is null ? "" : $" from {field["minimum"]} to {field["maximum"]}";
        return types[0] switch
        {
            "integer" => $"a whole number{bounds}",
            "number" => $"a number{bounds}",
            "array" => "a list",
            "object" => "a mapping",
            _ => types.Contains("null") ? "a value" : "a text",
        };
    }

    /// <summary>A word that YAML reads as nothing stands in the list a second time.</summary>
    static List<string> Words(JsonNode field) => [.. field["enum"]?.AsArray().OfType<JsonNode>().Select(word => (string)word!) ?? []];

    /// <summary>As one writes it in YAML.</summary>
    static string Code(JsonNode? example) => $"`{Flow(example!)}`";

    static string Flow(JsonNode node) => node switch
    {
        JsonObject mapping => $"{{ {string.Join(", ", mapping.Select(entry => $"{entry.Key}: {Flow(entry.Value!)}"))} }}",
        JsonArray list => $"[{string.Join(", ", list.Select(item => Flow(item!)))}]",
        _ => $"{node}",
    };

    static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
