using System.Globalization;
using System.Numerics;

namespace Millrace.Streams.Types;

/// <summary>A whole number: <c>Int8</c> to <c>Int256</c>, <c>UInt8</c> to <c>UInt256</c>.</summary>
sealed record IntegerType : ColumnType
{
    static readonly Dictionary<string, IntegerType> ByName = new int[] { 8, 16, 32, 64, 128, 256 }
        .SelectMany(bits => new IntegerType[] { new(true, bits), new(false, bits) })
        .ToDictionary(type => type.Name);

    readonly bool _isSigned;
    readonly int _bits;

    IntegerType(bool isSigned, int bits) => (_isSigned, _bits) = (isSigned, bits);

    public override string Name => string.Create(CultureInfo.InvariantCulture, $"{(_isSigned ? "Int" : "UInt")}{_bits}");

    public override bool IsNumber => true;

    public BigInteger Minimum => _isSigned ? -BigInteger.Pow(2, _bits - 1) : 0;

    public BigInteger Maximum => BigInteger.Pow(2, _isSigned ? _bits - 1 : _bits) - 1;

    /// <summary>12.0 is one too.</summary>
    public override bool Takes(string text) =>
        Literal.Exact(text) is { Units: var number, Scale: 0 } && number >= Minimum && number <= Maximum;

    internal override IEnumerable<string> EndTexts =>
        [Minimum.ToString(CultureInfo.InvariantCulture), Maximum.ToString(CultureInfo.InvariantCulture)];

    internal override bool Holds(ColumnType other) =>
        other is IntegerType integer && Minimum <= integer.Minimum && Maximum >= integer.Maximum;

    internal override string Written(string text) => Literal.Exact(text)!.Value.Units.ToString(CultureInfo.InvariantCulture);

    public static IntegerType? Read(TypeText type) => type.Arguments.Count == 0 ? ByName.GetValueOrDefault(type.Word) : null;

    /// <summary>
    /// Beyond 64 bits ClickHouse's cast brings a number out of range around to one within: the text must come back, but for a plus, the
    /// sign of 0 and zeros at its beginning.
    /// </summary>
    internal override string Value(string field)
    {
        if (_bits <= 64) return Cast(field);
        var plain = $"""replaceRegexpOne({field}, '^(?:[+-]?0*(0)$|[+]?0*([1-9])|(-)0*([1-9]))', '\\1\\2\\3\\4')""";
        return If($"toString({Cast(field)}) = {field} OR toString({Cast(field)}) = {plain}", Cast(field));
    }

    internal override string Rounded(string field) =>
        $"coalesce({Value(field)}, {Value(NumberSql.Rounded(field, 0))})";

    /// <summary>
    /// A number with a point or an exponent that a double holds only in part. Fewer bits hold no text so long. Of 18 digits and more, a
    /// double's last is 0 (std::numeric_limits::max_digits10), which spares most long numbers the second look. With an exponent the parser
    /// writes those from 1e21 on, which only the wide types hold.
    /// </summary>
    internal override string? IsChanged(string text, string jsonType) => _bits switch
    {
        < 64 => null,
        64 => $"(length({text}) > {NumberSql.DoubleDigits} AND (length({text}) < 18 OR endsWith({text}, '0')) AND {jsonType} = 'Double')",
        _ => $"((length({text}) > {NumberSql.DoubleDigits} OR position({text}, 'e') > 0) AND {jsonType} = 'Double')",
    };
}
