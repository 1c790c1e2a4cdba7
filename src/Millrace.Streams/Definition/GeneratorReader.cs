using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Millrace.Streams.Definition;

/// <summary>Reads a column's <c>generate:</c> and checks that its values fit the column's type.</summary>
static class GeneratorReader
{
    const string Shapes = "write one of the words, or a mapping with 'choice' or 'range'";

    public static ColumnGenerator Read(string file, YamlFields column, ColumnType type)
    {
        var node = column.Node("generate");
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
            throw column.Wrong("generate", $"'{word}' is no generator; {Shapes}; the words are {EventValueNames.Known}");
        if (!EventValueNames.KindsFor(word).Contains(type.Kind))
        {
            var kinds = string.Join(", ", EventValueNames.KindsFor(word));
            throw column.Wrong("generate", $"'{word}' does not fit the type {type.Sql}; it fits {kinds}");
        }
        if (type.Kind == ColumnKind.Decimal && !HoldsMoney(type))
        {
            throw column.Wrong(
                "generate",
                $"'{word}' does not fit the type {type.Sql}; write {EventValueNames.SmallestMoney.Sql}, "
                    + "or a Decimal with no fewer digits before and after the point");
        }
        return new ColumnGenerator.FromEvent(value);
    }

    static bool HoldsMoney(ColumnType type) =>
        EventValueNames.SmallestMoney is var money
        && type.Scale >= money.Scale
        && type.Precision - type.Scale >= money.Precision - money.Scale;

    static ColumnGenerator.Choice Choice(YamlFields fields, ColumnType type)
    {
        var values = fields.Node("choice") is YamlMappingNode weighted
            ? weighted.Children.Select(entry => new WeightedValue($"{entry.Key}", Weight(fields, $"{entry.Value}"))).ToList()
            : fields.Texts("choice").Select(value => new WeightedValue(value, Weight: 1)).ToList();
        if (values.Count == 0) throw fields.Wrong("choice", "has no value; write at least one");
        if (values.Find(value => !Fits(value.Value, type)) is { } misfit)
            throw fields.Wrong("choice", $"'{misfit.Value}' is not a value of {type.Sql}");
        return new ColumnGenerator.Choice(values);
    }

    static int Weight(YamlFields fields, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) && weight > 0
            ? weight
            : throw fields.Wrong("choice", $"'{text}' is not a weight; write a whole number above 0");

    static ColumnGenerator.Range Range(YamlFields fields, ColumnType type)
    {
        var bounds = fields.Texts("range");
        if (bounds.Count != 2) throw fields.Wrong("range", "is not [minimum, maximum]");
        if (!type.IsInteger && type.Kind is not (ColumnKind.Float64 or ColumnKind.Decimal))
            throw fields.Wrong("range", $"does not fit the type {type.Sql}; it fits integers, Float64 and Decimal");
        if (bounds.FirstOrDefault(bound => !Fits(bound, type)) is { } misfit)
            throw fields.Wrong("range", $"'{misfit}' is not a value of {type.Sql}");
        var (minimum, maximum) = (Number(bounds[0])!.Value, Number(bounds[1])!.Value);
        if (minimum > maximum) throw fields.Wrong("range", $"{bounds[0]} is above {bounds[1]}");
        var range = new ColumnGenerator.Range(minimum, maximum);
        if (bounds.FirstOrDefault(bound => !IsShort(Number(bound)!.Value, range.ScaleFor(type))) is { } endless)
        {
            throw fields.Wrong(
                "range",
                $"'{endless}' has more than {ColumnGenerator.Range.MaxDigits} digits, those after the point among them; "
                    + "the emitter makes no more");
        }
        return range;
    }

    static bool IsShort(decimal number, int scale) =>
        scale <= ColumnGenerator.Range.MaxDigits && Math.Abs(number) < PowerOfTen(ColumnGenerator.Range.MaxDigits - scale);

    static bool Fits(string text, ColumnType type) => type switch
    {
        { IsText: true } => true,
        { Kind: ColumnKind.Bool } => text is "true" or "false",
        { Kind: ColumnKind.Float64 } => Number(text) is not null,
        { Kind: ColumnKind.Decimal } => Number(text) is { } number
            && decimal.Round(number, Math.Min(type.Scale, 28)) == number
            && Math.Abs(number) < PowerOfTen(type.Precision - type.Scale),
        { IsInteger: true } => Number(text) is { } number
            && decimal.Truncate(number) == number
            && number >= Bounds(type.Kind).Minimum
            && number <= Bounds(type.Kind).Maximum,
        _ => false,
    };

    static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>decimal.MaxValue where the power would not fit a decimal.</summary>
    static decimal PowerOfTen(int exponent) =>
        exponent > 28 ? decimal.MaxValue : Enumerable.Repeat(10m, exponent).Aggregate(1m, (product, ten) => product * ten);

    static (decimal Minimum, decimal Maximum) Bounds(ColumnKind integer) => integer switch
    {
        ColumnKind.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ColumnKind.Int16 => (short.MinValue, short.MaxValue),
        ColumnKind.Int32 => (int.MinValue, int.MaxValue),
        ColumnKind.Int64 => (long.MinValue, long.MaxValue),
        ColumnKind.UInt8 => (byte.MinValue, byte.MaxValue),
        ColumnKind.UInt16 => (ushort.MinValue, ushort.MaxValue),
        ColumnKind.UInt32 => (uint.MinValue, uint.MaxValue),
        _ => (ulong.MinValue, ulong.MaxValue),
    };
}
