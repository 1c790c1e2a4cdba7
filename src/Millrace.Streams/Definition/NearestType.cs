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
    };

    /// <returns>null where no type is near.</returns>
    public static string? Find(string text) =>
        new[] { Swapped().Replace(text, "LowCardinality(Nullable(${inner}))"), Respelt(text) }
            .FirstOrDefault(type => ColumnTypes.Parse(type) is not null);

    static string Respelt(string text) => Word().Replace(text, match => match.Value switch
    {
        ['\'', ..] => match.Value,
        var word => OtherNames.GetValueOrDefault(word) ?? NearestWord.Find(word, Words) ?? word,
    });

    [GeneratedRegex(@"^Nullable\(LowCardinality\((?<inner>.*)\)\)\z")]
    private static partial Regex Swapped();

    /// <summary>What stands in quotes is no word of the type.</summary>
    [GeneratedRegex(@"'(?:[^'\\]|\\.|'')*'|[A-Za-z]\w*", RegexOptions.Singleline)]
    private static partial Regex Word();
}
