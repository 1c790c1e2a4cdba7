using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Infer;

/// <summary>A column that a sample speaks for. Immutable.</summary>
/// <param name="Type">Without Nullable.</param>
/// <param name="Why">The share of records that support it, for a comment.</param>
sealed partial record ProposedColumn(string Name, JsonPath Path, string Type, bool IsNullable, string Why)
{
    const string Text = "String";
    const string FewTexts = "LowCardinality(String)";

    /// <summary>A text that comes back as often as this on average is worth a dictionary.</summary>
    const int Repeats = 10;

    static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool IsTime => Type.StartsWith("DateTime", StringComparison.Ordinal);

    /// <summary>Names one thing, such as a user or an order.</summary>
    public bool IsId => IdName().IsMatch(Name) || Type == "UUID";

    public static ProposedColumn Of(string name, JsonPath path, FieldFacts facts, int records)
    {
        var share = string.Create(CultureInfo.InvariantCulture, $"in {facts.Values} of {records} records");
        var (type, remark) = TypeOf(name, facts);
        return new ProposedColumn(name, path, type, facts.Values < records, remark is null ? share : $"{share}; {remark}");
    }

    /// <summary>A line of the definition, with its comment before it.</summary>
    public override string ToString()
    {
        var type = !IsNullable ? Type : Type == FewTexts ? "LowCardinality(Nullable(String))" : $"Nullable({Type})";
        var shown = type.Contains(',', StringComparison.Ordinal) ? $"\"{type}\"" : type;
        var from = Path.Equals(JsonPath.OfField(Name)) ? "" : $", from: {Quoted($"{Path}")}";
        return $"  # {Why}\n  - {{ name: {Name}, type: {shown}{from} }}\n";
    }

    static (string Type, string? Remark) TypeOf(string name, FieldFacts facts)
    {
        if (facts.Values == 0) return (Text, "always null");
        if (facts.Objects + facts.Arrays > 0) return (Text, "objects or arrays, kept as JSON text");
        if (facts.IsEpoch && facts.Scale == 0 && facts.Type is not null && TimeName().IsMatch(name))
            return ("DateTime64(3)", "seconds or milliseconds since 1970");
        return facts.Type switch
        {
            { Name: "DateTime64" } => ($"DateTime64({(facts.Scale > 6 ? 9 : facts.Scale > 3 ? 6 : 3)})", null),
            { Name: "Decimal" } => ($"Decimal(18, {facts.Scale})", "a number with a longer fraction would be a dead letter"),
            { } type => (type.Sql, null),
            null when facts.Texts is { } texts and > 0 && texts * Repeats <= facts.Values => (FewTexts, Different(texts)),
            null => (Text, facts.Texts is { } texts and > 0 ? Different(texts) : null),
        };
    }

    static string Different(int texts) =>
        string.Create(CultureInfo.InvariantCulture, $"{texts} different {(texts == 1 ? "text" : "texts")}");

    static string Quoted(string path) => PlainPath().IsMatch(path) ? path : JsonSerializer.Serialize(path, Quoting);

    [GeneratedRegex(@"^\$(?:\.[A-Za-z0-9_-]+)+\z")]
    private static partial Regex PlainPath();

    [GeneratedRegex(@"(?:^|_)(?:id|uuid|key)\z|Id\z|ID\z")]
    private static partial Regex IdName();

    [GeneratedRegex(@"time|date|(?:^|_)(?:ts|at)\z|At\z|Ts\z", RegexOptions.IgnoreCase)]
    private static partial Regex TimeName();
}
