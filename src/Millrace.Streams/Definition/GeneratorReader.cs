using System.Globalization;
using Millrace.Streams.Types;
using YamlDotNet.RepresentationModel;

namespace Millrace.Streams.Definition;

/// <summary>Reads a column's <c>generate:</c> and checks that its values fit the column's type.</summary>
static class GeneratorReader
{
    const string Shapes = "write one of the words, or a mapping with 'choice', 'range', 'array' or 'object'";

    const int MaxLength = 1000;

    static readonly string[] Fields = ["choice", "range", "array", "length", "object"];

    /// <param name="field">Of <paramref name="column"/>, that says how the value is made.</param>
    public static ColumnGenerator Read(string file, YamlFields column, ColumnType type, string field = "generate")
    {
        var node = column.Node(field);
        if (type.Format is { IsIso: false } format && !(format.Exponent is not null && node is YamlScalarNode { Value: "now" }))
        {
            throw column.Wrong(
                field, $"the emitter writes no {format.Text}; write generate: now with format: iso or an epoch, or remove it");
        }
        if (node is YamlScalarNode { Value: { } word }) return Named(column, word, type, field);
        var fields = new YamlFields(file, node, "generate", Fields);
        if (fields.Has("length") && !fields.Has("array")) throw fields.Wrong("length", "is for array; remove it");
        return Fields.Where(shape => shape != "length" && fields.Has(shape)).ToList() switch
        {
            ["choice"] => Choice(fields, type),
            ["range"] => Range(fields, type),
            ["array"] => Array(file, fields, type),
            ["object"] => Object(file, fields, type),
            _ => throw column.Wrong(field, $"is not one of a choice, a range, an array and an object; {Shapes}"),
        };
    }

    static ColumnGenerator.FromEvent Named(YamlFields column, string word, ColumnType type, string field)
    {
        if (!EventValueNames.TryParse(word, out var value))
        {
            var hint = NearestWord.Hint(word, EventValueNames.All);
            throw column.Wrong(field, $"'{word}' is no generator{hint}; {Shapes}; the words are {EventValueNames.Known}");
        }
        if (!EventValueNames.TypesFor(word).Contains(type.Name))
        {
            var types = string.Join(", ", EventValueNames.TypesFor(word));
            throw column.Wrong(field, $"'{word}' does not fit the type {type.Sql}; it fits {types}");
        }
        if (type is DecimalType amount && !amount.Holds(EventValueNames.SmallestMoney))
        {
            throw column.Wrong(
                field,
                $"'{word}' does not fit the type {type.Sql}; write {EventValueNames.SmallestMoney.Sql}, "
                    + "or a Decimal with no fewer digits before and after the point");
        }
        return new ColumnGenerator.FromEvent(value);
    }

    static ColumnGenerator.Array Array(string file, YamlFields fields, ColumnType type)
    {
        if (type is not ArrayType { Element: var element })
            throw fields.Wrong("array", $"does not fit the type {type.Sql}; it fits Array and Nested");
        var bounds = fields.Has("length") ? fields.Texts("length") : ["0", "3"];
        var lengths = bounds.Select(bound => Length(fields, bound)).ToList();
        if (lengths is not [var shortest, var longest]) throw fields.Wrong("length", "is not [shortest, longest]");
        if (shortest > longest) throw fields.Wrong("length", $"{shortest} is above {longest}");
        return new ColumnGenerator.Array(Read(file, fields, element, "array"), shortest, longest);
    }

    static int Length(YamlFields fields, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= MaxLength
            ? length
            : throw fields.Wrong("length", $"'{text}' is not a whole number from 0 to {MaxLength}", text);

    static ColumnGenerator.Object Object(string file, YamlFields fields, ColumnType type)
    {
        if (type is not (MapType or TupleType { IsNamed: true }))
            throw fields.Wrong("object", $"does not fit the type {type.Sql}; it fits Map and a Tuple with names");
        var names = fields.Node("object") is YamlMappingNode mapping ? mapping.Children.Keys.Select(key => $"{key}").ToArray() : [];
        if (names.Length == 0) throw fields.Wrong("object", "is not a mapping from names to generators");
        var parts = new YamlFields(file, fields.Node("object"), "object", type is TupleType tuple ? [.. tuple.Names] : names);
        if (type is MapType map && names.FirstOrDefault(name => !map.Key.Takes(name)) is { } misfit)
            throw fields.Wrong("object", $"'{misfit}' is not a value of {map.Key.Sql}", misfit);
        if (type is TupleType whole && whole.Needed.Except(names).FirstOrDefault() is { } missing)
            throw fields.Wrong("object", $"lacks {missing}, which {type.Sql} needs; add it");
        return new ColumnGenerator.Object([.. names.Select(name => Part(name, ElementOf(type, name)))]);

        (string, ColumnType, ColumnGenerator) Part(string name, ColumnType element) => (name, element, Read(file, parts, element, name));
    }

    static ColumnType ElementOf(ColumnType type, string name) =>
        type is TupleType tuple ? tuple.Elements[tuple.Names.ToList().IndexOf(name)] : ((MapType)type).Elements[1];

    static ColumnGenerator.Choice Choice(YamlFields fields, ColumnType type)
    {
        if (type is CompositeType or JsonType) return JsonChoice(fields, type);
        var values = fields.Node("choice") is YamlMappingNode weighted
            ? weighted.Children.Select(entry => new WeightedValue($"{entry.Key}", Weight(fields, $"{entry.Value}"))).ToList()
            : fields.Texts("choice").Select(value => new WeightedValue(value, Weight: 1)).ToList();
        if (values.Count == 0) throw fields.Wrong("choice", "has no value; write at least one");
        if (values.Find(value => !type.Takes(value.Value)) is { } misfit)
            throw fields.Wrong("choice", $"'{misfit.Value}' is not a value of {type.Sql}", misfit.Value);
        return new ColumnGenerator.Choice(values);
    }

    static ColumnGenerator.Choice JsonChoice(YamlFields fields, ColumnType type)
    {
        var values = fields.List("choice").Select(node => type.Json(DefaultReader.Read(fields, "choice", node))
            ?? throw fields.Wrong("choice", $"holds what is not a value of {type.Sql}; write {DefaultReader.Form(type)}, for each"));
        return new ColumnGenerator.Choice([.. values.Select(value => new WeightedValue(value, Weight: 1))]);
    }

    static int Weight(YamlFields fields, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) && weight > 0
            ? weight
            : throw fields.Wrong("choice", $"'{text}' is not a weight; write a whole number above 0", text);

    static ColumnGenerator.Range Range(YamlFields fields, ColumnType type)
    {
        var bounds = fields.Texts("range");
        if (bounds.Count != 2) throw fields.Wrong("range", "is not [minimum, maximum]");
        if (!type.IsNumber)
            throw fields.Wrong("range", $"does not fit the type {type.Sql}; it fits integers, Float32, Float64 and Decimal");
        if (bounds.FirstOrDefault(bound => !type.Takes(bound)) is { } misfit)
            throw fields.Wrong("range", $"'{misfit}' is not a value of {type.Sql}", misfit);
        if (bounds.FirstOrDefault(bound => Literal.Number(bound) is null) is { } huge) throw Endless(fields, huge);
        var (minimum, maximum) = (Literal.Number(bounds[0])!.Value, Literal.Number(bounds[1])!.Value);
        if (minimum > maximum) throw fields.Wrong("range", $"{bounds[0]} is above {bounds[1]}");
        var range = new ColumnGenerator.Range(minimum, maximum);
        return bounds.FirstOrDefault(bound => !IsShort(Literal.Number(bound)!.Value, range.ScaleFor(type))) is { } endless
            ? throw Endless(fields, endless)
            : range;
    }

    static StreamDefinitionException Endless(YamlFields fields, string bound) => fields.Wrong(
        "range",
        $"'{bound}' has more than {ColumnGenerator.Range.MaxDigits} digits, those after the point among them; the emitter makes no more",
        bound);

    static bool IsShort(decimal number, int scale) =>
        scale <= ColumnGenerator.Range.MaxDigits && Math.Abs(number) < Literal.PowerOfTen(ColumnGenerator.Range.MaxDigits - scale);
}
