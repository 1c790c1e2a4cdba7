using System.Globalization;
using System.Numerics;

namespace Millrace.Streams.Types;

/// <summary><c>Decimal(P, S)</c>: P digits, 1 to 76, of which S are after the point.</summary>
sealed record DecimalType : ColumnType
{
    const int MaxPrecision = 76;

    public DecimalType(int precision, int scale) => (Precision, Scale) = (precision, scale);

    public int Precision { get; }

    public override int Scale { get; }

    public override string Name => "Decimal";

    public override string BareSql => string.Create(CultureInfo.InvariantCulture, $"Decimal({Precision}, {Scale})");

    public override bool IsNumber => true;

    internal override IEnumerable<string> EndTexts => [$"-{Highest}", Highest];

    /// <summary>Whether this type has no fewer digits than <paramref name="other"/>, before the point and after it.</summary>
    internal override bool Holds(ColumnType other) =>
        other is DecimalType one && Scale >= one.Scale && Precision - Scale >= one.Precision - one.Scale;

    public override bool Takes(string text) =>
        Literal.Exact(text) is var (units, scale) && scale <= Scale
        && BigInteger.Abs(units) < BigInteger.Pow(10, Precision - Scale + scale);

    public static DecimalType? Read(TypeText type) =>
        type is { Word: "Decimal", Arguments: [{ Number: >= 1 and <= MaxPrecision and var precision }, { Number: >= 0 and var scale }] }
        && scale <= precision
            ? new DecimalType(precision, scale)
            : null;

    /// <summary>Not one digit is cut off; of nearly all numbers their form tells, at a sixth of what counting digits takes.</summary>
    internal override string Value(string field)
    {
        var isShort = string.Create(CultureInfo.InvariantCulture, $"match({field}, '^-?[0-9]+[.]?[0-9]{{0,{Scale}}}$')");
        var isExact = string.Create(CultureInfo.InvariantCulture, $"{NumberSql.IsNumber(field)} AND {NumberSql.Scale(field)} <= {Scale}");
        var isWritten = $"{isShort} OR ({isExact})";
        return If(IsStored ? isWritten : $"({isWritten}) AND {IsInRange(field)}", Cast(field));
    }

    /// <summary>Of more digits after the point there is no wider type to round in.</summary>
    internal override string? Rounded(string field) =>
        Scale < 38 ? $"coalesce({Value(field)}, {Value(NumberSql.Rounded(field, Scale))})" : null;

    /// <summary>ClickHouse's cast lets as many digits in as it stores, which is 9, 18, 38 or 76.</summary>
    bool IsStored => Precision is 9 or 18 or 38 or MaxPrecision;

    string IsInRange(string field) =>
        $"{Cast(field)} BETWEEN CAST('-{Highest}', '{BareSql}') AND CAST('{Highest}', '{BareSql}')";

    string Highest => new string('9', Precision) is var digits && Scale == 0 ? digits : $"0{digits}".Insert(Precision - Scale + 1, ".");

    internal override string IsChanged(string text, string jsonType) =>
        $"(length({text}) > {NumberSql.DoubleDigits} AND {jsonType} = 'Double')";
}
