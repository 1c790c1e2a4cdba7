using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using Millrace.Testing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Millrace.Streams.Tests.Definition;

/// <summary>streams/stream.schema.json, as an editor reads it. Safe for every thread.</summary>
static partial class DefinitionSchema
{
    static readonly JsonSchema Rules = JsonSchema.FromText(File.ReadAllText(Path));

    public static string Path => System.IO.Path.Combine(Repository.Root, "streams", "stream.schema.json");

    public static JsonObject Json { get; } = JsonNode.Parse(File.ReadAllText(Path))!.AsObject();

    /// <summary>What the schema has against a definition; empty where it takes it.</summary>
    public static IReadOnlyList<string> Faults(string yaml)
    {
        var document = new YamlStream();
        document.Load(new StringReader(yaml));
        var definition = JsonSerializer.SerializeToElement(ToJson(document.Documents.Single().RootNode));
        var result = Rules.Evaluate(definition, new EvaluationOptions { OutputFormat = OutputFormat.List });
        if (result.IsValid) return [];
        var details = result.Details!.Where(detail => detail.Errors is not null)
            .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Key}: {error.Value}"));
        return ["the schema refuses it", .. details];
    }

    /// <summary>By the core schema of YAML 1.2: a plain word may be a number, a truth value or nothing.</summary>
    static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping =>
            new JsonObject(mapping.Children.Select(entry => KeyValuePair.Create($"{entry.Key}", ToJson(entry.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" } => null,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "True" or "TRUE" } => JsonValue.Create(true),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "false" or "False" or "FALSE" } => JsonValue.Create(false),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when Number().IsMatch(text) =>
            JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture)),
        YamlScalarNode { Value: var text } => JsonValue.Create(text),
        _ => throw new NotSupportedException($"{node.NodeType}"),
    };

    [GeneratedRegex(@"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\z")]
    private static partial Regex Number();
}
