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

    BigInteger Minimum => _isSigned ? -BigInteger.Pow(2, _bits - 1) : 0;

    BigInteger Maximum => BigInteger.Pow(2, _isSigned ? _bits - 1 : _bits) - 1;

    /// <summary>12.0 is one too.</summary>
    public override bool Takes(string text) =>
        Literal.Number(text) is { } number && decimal.Truncate(number) == number
        && new BigInteger(number) >= Minimum && new BigInteger(number) <= Maximum;

    public static IntegerType? Read(TypeText type) => type.Arguments.Count == 0 ? ByName.GetValueOrDefault(type.Word) : null;

    /// <summary>Beyond 64 bits ClickHouse's cast brings a number out of range around to one within.</summary>
    internal override string Value(string field) => _bits > 64 ? If($"toString({Cast(field)}) = {field}", Cast(field)) : Cast(field);
}
