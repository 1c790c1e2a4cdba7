using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Millrace.Streams.Definition;

/// <summary>
/// One YAML mapping read strictly: every key must be known, every needed key be there, and what is wrong is said with file, line,
/// column and field.
/// Single thread.
/// </summary>
public sealed class YamlFields
{
    readonly string _file;
    readonly YamlMappingNode _mapping;
    readonly Dictionary<string, YamlNode> _fields = [];

    public YamlFields(string file, YamlNode node, string what, params string[] known)
    {
        _file = file;
        _mapping = node as YamlMappingNode ?? throw At(node, what, "is not a mapping; write 'key: value' lines");
        foreach (var (key, value) in _mapping.Children)
        {
            var name = key is YamlScalarNode { Value: { } text } ? text : throw At(key, what, "has a key that is not a word");
            if (!known.Contains(name))
            {
                var fields = string.Join(", ", known);
                throw At(key, name, $"is not a field of {what}{NearestWord.Hint(name, known)}; the fields are {fields}");
            }
            _fields.Add(name, value);
        }
    }

    public string Text(string field) => Optional(field) ?? throw Missing(field);

    /// <summary>null when the field is absent.</summary>
    public string? Optional(string field)
    {
        if (!_fields.TryGetValue(field, out var node)) return null;
        return node is YamlScalarNode { Value: { Length: > 0 } text } ? text : throw At(node, field, "is not a single value");
    }

    /// <summary>As <see cref="Optional"/>; an empty text in quotes is a value too.</summary>
    public string? Literal(string field) => _fields.GetValueOrDefault(field) is YamlScalarNode { Value: "", Style: not ScalarStyle.Plain }
        ? ""
        : Optional(field);

    public int Integer(string field, int fallback, int minimum, int maximum)
    {
        if (Optional(field) is not { } text) return fallback;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= minimum
            && value <= maximum
            ? value
            : throw Wrong(field, $"'{text}' is not a whole number from {minimum} to {maximum}");
    }

    /// <summary>A number from 0 to 1; 0 when the field is absent.</summary>
    public double Share(string field)
    {
        if (Optional(field) is not { } text) return 0;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1
            ? value
            : throw Wrong(field, $"'{text}' is not a number from 0 to 1");
    }

    public IReadOnlyList<YamlNode> List(string field) => Node(field) is YamlSequenceNode { Children: { Count: > 0 } items }
        ? [.. items]
        : throw Wrong(field, "is not a list of at least one item");

    public IReadOnlyList<string> Texts(string field) =>
    [
        .. List(field).Select(item => item is YamlScalarNode { Value: { Length: > 0 } text }
            ? text
            : throw At(item, field, "holds something that is not a single value")),
    ];

    /// <summary>A mapping of names to single values.</summary>
    public IReadOnlyDictionary<string, string> Map(string field)
    {
        if (Node(field) is not YamlMappingNode { Children: { Count: > 0 } items })
            throw Wrong(field, "is not a mapping; write 'name: value' in it");
        return items.ToDictionary(item => Single(item.Key), item => Single(item.Value));

        string Single(YamlNode node) => node is YamlScalarNode { Value: { Length: > 0 } text }
            ? text
            : throw At(node, field, "holds something that is not a single value");
    }

    public YamlNode Node(string field) => _fields.GetValueOrDefault(field) ?? throw Missing(field);

    public bool Has(string field) => _fields.ContainsKey(field);

    internal FieldPlaces Places => new(_fields.ToDictionary(one => one.Key, one => (one.Value.Start.Line, one.Value.Start.Column)));

    /// <summary>What is wrong with <paramref name="field"/>, at the place of its value.</summary>
    /// <param name="word">The part of the value that is wrong, where it has parts.</param>
    public StreamDefinitionException Wrong(string field, string what, string? word = null)
    {
        var node = _fields.GetValueOrDefault(field) ?? _mapping;
        var part = word is null ? null : node.AllNodes.FirstOrDefault(part => part is YamlScalarNode { Value: var text } && text == word);
        return At(part ?? node, field, what);
    }

    StreamDefinitionException Missing(string field) => At(_mapping, field, "is missing; add it");

    StreamDefinitionException At(YamlNode node, string field, string what) =>
        YamlPosition.Error(_file, node.Start.Line, node.Start.Column, field, what);
}

/// <summary>The one form in which a definition's faults are reported.</summary>
public static class YamlPosition
{
    /// <param name="line">Counted from 1.</param>
    /// <param name="column">Counted from 1.</param>
    public static StreamDefinitionException Error(string file, long line, long column, string field, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{file}, line {line}, column {column}: {field}: {what}"));
}
