using System.Globalization;

namespace Millrace.Streams.Types;

/// <summary>
/// <c>Enum8</c> and <c>Enum16</c>: one of the names. <c>Enum</c> is the smaller that holds all numbers; a name without a number has the
/// one after the name before it (ClickHouse, src/DataTypes/DataTypeEnum.cpp).
/// </summary>
sealed record EnumType : ColumnType
{
    const string Family = "Enum";
    const string Small = "Enum8";
    const string Large = "Enum16";

    readonly IReadOnlyList<(string Name, int Number)> _values;

    EnumType(string name, IReadOnlyList<(string Name, int Number)> values) => (Name, _values) = (name, values);

    public override string Name { get; }

    public override string BareSql => $"{Name}({string.Join(", ", _values.Select(Written))})";

    public override bool Takes(string text) => _values.Any(value => value.Name == text);

    public static EnumType? Read(TypeText type)
    {
        if (type.Word is not (Family or Small or Large) || type.Arguments.Count == 0) return null;
        var values = new List<(string Name, int Number)>();
        foreach (var argument in type.Arguments)
        {
            var next = values is [.., var last] ? last.Number + 1 : 1;
            if (ValueOf(argument, next) is not { } value) return null;
            if (values.Exists(one => one.Name == value.Name || one.Number == value.Number)) return null;
            values.Add(value);
        }
        // As ClickHouse shows it.
        values.Sort((one, other) => one.Number.CompareTo(other.Number));
        var smallest = Fit(values, sbyte.MinValue, sbyte.MaxValue) ? Small : Fit(values, short.MinValue, short.MaxValue) ? Large : null;
        if (smallest is null || (smallest == Large && type.Word == Small)) return null;
        return new EnumType(type.Word == Family ? smallest : type.Word, values);
    }

    /// <summary>A name keeps its number: the number is what is stored.</summary>
    internal override bool Holds(ColumnType other) =>
        other is EnumType { _values: var values } one && (Name == Large || one.Name == Small) && values.All(_values.Contains);

    internal override IEnumerable<string> EndTexts => [_values[0].Name, _values[^1].Name];

    internal override string Value(string field)
    {
        var names = string.Join(", ", _values.Select(value => Text(value.Name)));
        return CastIf($"{field} IN ({names})", field);
    }

    internal override string Wanted(string text) => Value(text);

    static string Written((string Name, int Number) value) =>
        string.Create(CultureInfo.InvariantCulture, $"{Text(value.Name)} = {value.Number}");

    static bool Fit(List<(string Name, int Number)> values, int minimum, int maximum) =>
        values.TrueForAll(value => value.Number >= minimum && value.Number <= maximum);

    static (string Name, int Number)? ValueOf(TypeText argument, int next) => argument switch
    {
        { Quoted: { } name, Arguments: [] } => (name, next),
        { Word: "=", Arguments: [{ Quoted: { } name }, { Number: { } number }] } => (name, number),
        _ => null,
    };
}
