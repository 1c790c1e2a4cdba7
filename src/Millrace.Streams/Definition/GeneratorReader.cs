using System.Globalization;
using Millrace.Streams.Types;
using YamlDotNet.RepresentationModel;

namespace Millrace.Streams.Definition;

/// <summary>Reads a column's <c>generate:</c> and checks that its values fit the column's type.</summary>
static class GeneratorReader
{
    const string Shapes = "write one of the words, or a mapping with 'choice' or 'range'";

    public static ColumnGenerator Read(string file, YamlFields column, ColumnType type)
    {
        var node = column.Node("generate");
        if (type.Format is { IsIso: false } format && !(format.Exponent is not null && node is YamlScalarNode { Value: "now" }))
        {
            throw column.Wrong(
                "generate", $"the emitter writes no {format.Text}; write generate: now with format: iso or an epoch, or remove it");
        }
        if (node is YamlScalarNode { Value: { } word }) return Named(column, word, type);
        var fields = new YamlFields(file, node, "generate", "choice", "range");
        return (fields.Has("choice"), fields.Has("range")) switch
        {
            (true, false) => Choice(fields, type),
            (false, true) => Range(fields, type),
            _ => throw column.Wrong("generate", $"is neither a choice nor a range; {Shapes}"),
        };
    }

    static ColumnGenerator.FromEvent Named(YamlFields column, string word, ColumnType type)
    {
        if (!EventValueNames.TryParse(word, out var value))
        {
            var hint = NearestWord.Hint(word, EventValueNames.All);
            throw column.Wrong("generate", $"'{word}' is no generator{hint}; {Shapes}; the words are {EventValueNames.Known}");
        }
        if (!EventValueNames.TypesFor(word).Contains(type.Name))
        {
            var types = string.Join(", ", EventValueNames.TypesFor(word));
            throw column.Wrong("generate", $"'{word}' does not fit the type {type.Sql}; it fits {types}");
        }
        if (type is DecimalType amount && !amount.Holds(EventValueNames.SmallestMoney))
        {
            throw column.Wrong(
                "generate",
                $"'{word}' does not fit the type {type.Sql}; write {EventValueNames.SmallestMoney.Sql}, "
                    + "or a Decimal with no fewer digits before and after the point");
        }
        return new ColumnGenerator.FromEvent(value);
    }

    static ColumnGenerator.Choice Choice(YamlFields fields, ColumnType type)
    {
        var values = fields.Node("choice") is YamlMappingNode weighted
            ? weighted.Children.Select(entry => new WeightedValue($"{entry.Key}", Weight(fields, $"{entry.Value}"))).ToList()
            : fields.Texts("choice").Select(value => new WeightedValue(value, Weight: 1)).ToList();
        if (values.Count == 0) throw fields.Wrong("choice", "has no value; write at least one");
        if (values.Find(value => !type.Takes(value.Value)) is { } misfit)
            throw fields.Wrong("choice", $"'{misfit.Value}' is not a value of {type.Sql}", misfit.Value);
        return new ColumnGenerator.Choice(values);
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
