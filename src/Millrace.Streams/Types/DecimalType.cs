using System.Globalization;

namespace Millrace.Streams.Types;

/// <summary><c>Decimal(P, S)</c>: P digits, 1 to 76, of which S are after the point.</summary>
sealed record DecimalType : ColumnType
{
    const int MaxPrecision = 76;

    /// <summary>Digits that every double gives back (std::numeric_limits::digits10).</summary>
    const int DoubleDigits = 15;

    static readonly DecimalType Widest = new(MaxPrecision, 38);

    public DecimalType(int precision, int scale) => (Precision, Scale) = (precision, scale);

    public int Precision { get; }

    public override int Scale { get; }

    public override string Name => "Decimal";

    public override string BareSql => string.Create(CultureInfo.InvariantCulture, $"Decimal({Precision}, {Scale})");

    public override bool IsNumber => true;

    /// <summary>Whether this type has no fewer digits than <paramref name="other"/>, before the point and after it.</summary>
    public bool Holds(DecimalType other) => Scale >= other.Scale && Precision - Scale >= other.Precision - other.Scale;

    public override bool Takes(string text) =>
        Literal.Number(text) is { } number
        && decimal.Round(number, Math.Min(Scale, 28)) == number
        && Math.Abs(number) < Literal.PowerOfTen(Precision - Scale);

    public static DecimalType? Read(TypeText type) =>
        type is { Word: "Decimal", Arguments: [{ Number: >= 1 and <= MaxPrecision and var precision }, { Number: >= 0 and var scale }] }
        && scale <= precision
            ? new DecimalType(precision, scale)
            : null;

    /// <summary>
    /// Not one digit is cut off; of nearly all numbers their form tells, at a sixth of what comparing takes. Beyond 38 digits there is no
    /// type with more to compare with: there the form alone tells, and has no exponent.
    /// </summary>
    internal override string Value(string field) =>
        If(Precision > 38 ? IsExact(field, "0*") : $"{IsExact(field, "")} OR {Widest.Cast(field)} = {Cast(field)}", Cast(field));

    string IsExact(string field, string more) =>
        string.Create(CultureInfo.InvariantCulture, $"match({field}, '^-?[0-9]+[.]?[0-9]{{0,{Scale}}}{more}$')");

    internal override string IsChanged(string text, string jsonType) => $"(length({text}) > {DoubleDigits} AND {jsonType} = 'Double')";
}
