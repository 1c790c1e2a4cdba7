using System.Text;
using System.Text.RegularExpressions;
using Millrace.Streams.Definition;
using Millrace.Streams.Types;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Millrace.Streams.Samples;

/// <summary>Reads bytes that stand in YAML: as text, as a list or mapping that is written as JSON, or in base64.</summary>
static partial class SampleBytes
{
    /// <param name="field">Beside which the same with <c>_base64</c> may stand in its place.</param>
    /// <returns>null where neither is there, or null is.</returns>
    /// <exception cref="StreamDefinitionException">There is no such value.</exception>
    public static byte[]? Read(YamlFields fields, string field, bool takesJson)
    {
        var encoded = $"{field}_base64";
        if (fields.Has(encoded))
        {
            if (fields.Has(field)) throw fields.Wrong(encoded, $"stands beside {field}; remove one of the two");
            return Decoded(fields, encoded, fields.Literal(encoded)!);
        }
        if (!fields.Has(field)) return null;
        var node = fields.Node(field);
        if (IsNull(node)) return null;
        if (node is YamlScalarNode { Value: { } text }) return Encoding.UTF8.GetBytes(text);
        return takesJson ? Encoding.UTF8.GetBytes(Json(node)) : throw fields.Wrong(field, "is not a single value");
    }

    /// <summary>Nothing at all, or the word.</summary>
    public static bool IsNull(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" };

    static byte[] Decoded(YamlFields fields, string field, string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw fields.Wrong(field, "is not base64; write what  base64  prints");
        }
    }

    /// <summary>What JSON would take for a number, true, false or null is one, digit by digit; everything else is a text.</summary>
    static string Json(YamlNode node) => node switch
    {
        YamlSequenceNode list => $"[{string.Join(',', list.Children.Select(Json))}]",
        YamlMappingNode mapping => $"{{{string.Join(',', mapping.Children.Select(Member))}}}",
        _ when IsNull(node) => "null",
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when text is "true" or "false" || Number().IsMatch(text) => text,
        _ => DefaultValue.Quoted($"{node}"),
    };

    static string Member(KeyValuePair<YamlNode, YamlNode> one) => $"{DefaultValue.Quoted($"{one.Key}")}:{Json(one.Value)}";

    /// <summary>RFC 8259, section 6.</summary>
    [GeneratedRegex(@"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\z")]
    private static partial Regex Number();
}
