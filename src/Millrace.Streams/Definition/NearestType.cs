using System.Text.RegularExpressions;
using Millrace.Streams.Types;

namespace Millrace.Streams.Definition;

/// <summary>The type that somebody meant who wrote one that there is not.</summary>
static partial class NearestType
{
    /// <summary>The words of which types are made.</summary>
    static readonly string[] Words =
    [
        "String", "FixedString", "UUID", "IPv4", "IPv6", "Bool", "Enum", "Enum8", "Enum16", "Decimal", "Float32", "Float64",
        "Int8", "Int16", "Int32", "Int64", "Int128", "Int256", "UInt8", "UInt16", "UInt32", "UInt64", "UInt128", "UInt256",
        "Date", "Date32", "DateTime", "DateTime64", "Nullable", "LowCardinality",
        "BFloat16", "Time", "Time64", "Array", "Map", "Tuple", "Nested", "JSON",
    ];

    /// <summary>Names of other systems, and types that lack what stands in their parentheses.</summary>
    static readonly Dictionary<string, string> OtherNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tinyint"] = "Int8",
        ["smallint"] = "Int16",
        ["int"] = "Int32",
        ["integer"] = "Int32",
        ["bigint"] = "Int64",
        ["long"] = "Int64",
        ["uint"] = "UInt32",
        ["float"] = "Float32",
        ["double"] = "Float64",
        ["boolean"] = "Bool",
        ["text"] = "String",
        ["varchar"] = "String",
        ["timestamp"] = "DateTime64(3)",
        ["datetime64"] = "DateTime64(3)",
        ["decimal"] = "Decimal(18, 2)",
        ["numeric"] = "Decimal(18, 2)",
        ["time64"] = "Time64(3)",
        ["object"] = "JSON",
        ["jsonb"] = "JSON",
        ["struct"] = "Tuple",
        ["list"] = "Array",
    };

    /// <returns>null where no type is near.</returns>
    public static string? Find(string text) =>
        new[] { text, Respelt(text) }.SelectMany(Moved).FirstOrDefault(type => ColumnTypes.Parse(type) is not null);

    /// <summary>What holds what can't be held, the other way around, or left out.</summary>
    static IEnumerable<string> Moved(string text) =>
    [
        Swapped().Replace(text, "LowCardinality(Nullable(${inner}))"),
        AroundArray().Replace(text, "Array(${word}(${inner}))"),
        AroundOther().Replace(text, "${inner}"),
        NullableKey().Replace(text, "Map(${inner},"),
    ];

    static string Respelt(string text) => Word().Replace(text, match => match.Value switch
    {
        ['\'', ..] => match.Value,
        var word => OtherNames.GetValueOrDefault(word) ?? NearestWord.Find(word, Words) ?? word,
    });

    [GeneratedRegex(@"^Nullable\(LowCardinality\((?<inner>.*)\)\)\z")]
    private static partial Regex Swapped();

    [GeneratedRegex(@"(?<word>Nullable|LowCardinality)\(Array\((?<inner>[^()]*(?:\([^()]*\))?)\)\)")]
    private static partial Regex AroundArray();

    [GeneratedRegex(@"^(?:Nullable|LowCardinality)\((?<inner>(?:Array|Map|Tuple|Nested|JSON)\b.*)\)\z")]
    private static partial Regex AroundOther();

    [GeneratedRegex(@"^Map\((?:Nullable|LowCardinality\(Nullable)\((?<inner>[^()]*(?:\([^()]*\))?)\)+,")]
    private static partial Regex NullableKey();

    /// <summary>What stands in quotes is no word of the type.</summary>
    [GeneratedRegex(@"'(?:[^'\\]|\\.|'')*'|[A-Za-z]\w*", RegexOptions.Singleline)]
    private static partial Regex Word();
}
