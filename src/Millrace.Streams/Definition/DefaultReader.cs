using Millrace.Streams.Types;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Millrace.Streams.Definition;

/// <summary>Reads the <c>default:</c> of a column whose type is made of others.</summary>
static class DefaultReader
{
    /// <summary>What to write for a value of the type.</summary>
    public static string Form(ColumnType type) => type switch
    {
        ArrayType => "a list, such as [], of such values",
        MapType => "a mapping, such as {}, of such keys and values",
        TupleType { IsNamed: false } => "a list of a value for each element",
        TupleType => "a mapping from the names of the elements to their values",
        _ => "a mapping",
    };

    public static DefaultValue Read(YamlFields fields, string field) => Read(fields, field, fields.Node(field));

    public static DefaultValue Read(YamlFields fields, string field, YamlNode node) => node switch
    {
        YamlSequenceNode list => DefaultValue.Null with { Items = [.. list.Children.Select(item => Read(fields, field, item))] },
        YamlMappingNode mapping => DefaultValue.Null with
        {
            Fields = [.. mapping.Children.Select(one => (Name(fields, field, one.Key), Read(fields, field, one.Value)))],
        },
        YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" } => DefaultValue.Null,
        YamlScalarNode { Value: var text, Style: var style } =>
            DefaultValue.Null with { Text = text, IsQuoted = style != ScalarStyle.Plain },
        _ => throw fields.Wrong(field, "holds something that is no value, list or mapping"),
    };

    static string Name(YamlFields fields, string field, YamlNode key) => key is YamlScalarNode { Value: { } name }
        ? name
        : throw fields.Wrong(field, "has a key that is not a single value");
}
