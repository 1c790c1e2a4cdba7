using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Bench.Results;

/// <summary>Serializers made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BenchResults))]
public sealed partial class BenchJson : JsonSerializerContext
{
    /// <summary>For files that people look into.</summary>
    static BenchJson Indented => field ??= new(new JsonSerializerOptions(Default.Options) { WriteIndented = true });

    /// <summary>One line.</summary>
    public static string Line(BenchResults results) => JsonSerializer.Serialize(results, Default.BenchResults);

    public static string Text(BenchResults results) => JsonSerializer.Serialize(results, Indented.BenchResults);

    /// <exception cref="JsonException">It is no such document.</exception>
    public static BenchResults? Parse(string text) => JsonSerializer.Deserialize(text, Default.BenchResults);
}
