namespace Millrace.Streams.Types;

/// <summary>The types that a definition may name.</summary>
public static class ColumnTypes
{
    static readonly Func<TypeText, ColumnType?>[] Readers =
    [
        TextType.Read, FixedStringType.Read, PlainType.Read, IPv6Type.Read, BoolType.Read, EnumType.Read,
        IntegerType.Read, FloatType.Read, DecimalType.Read, DateType.Read, TimeType.Read, ClockType.Read,
        ArrayType.Read, MapType.Read, TupleType.Read, JsonType.Read,
    ];

    /// <summary>For the sentence that refuses another type.</summary>
    public const string Known =
        "String, FixedString(N), LowCardinality(...) of these two, UUID, IPv4, IPv6, Bool, Enum('a', 'b'), also as Enum8 or Enum16, "
        + "Int8 to Int256, UInt8 to UInt256, Float32, Float64, BFloat16, Decimal(P, S), Date, Date32, DateTime, DateTime64(P), "
        + "both also with a time zone, Time, Time64(P), JSON, "
        + "or Nullable(...) of one of them, which within LowCardinality is LowCardinality(Nullable(...)); "
        + "Array(T), Map(K, V), Tuple(a T, b U), Tuple(T, U) or Nested(a T, b U) of such types and of one another";

    /// <summary>
    /// Why a text that is none of them is none, where its quotes are at fault, for "has ..."; null where the whole is no type.
    /// </summary>
    public static string? FaultInQuotes(string text) => TypeText.RefusedQuote(text) is { } refused
        ? $"{refused}; between quotes write characters that can be seen, \\' or '' for a quote and \\\\ for a backslash"
        : null;

    /// <summary>Reads one of the <see cref="Known"/> types; null when <paramref name="text"/> is none of them.</summary>
    public static ColumnType? Parse(string text) => TypeText.Parse(text) is { } type ? Read(type) : null;

    internal static ColumnType? Read(TypeText type) => type switch
    {
        { Word: "Nullable", Arguments: [var inner] } =>
            Bare(inner) is { } bare and not CompositeType ? bare with { IsNullable = true } : null,
        { Arguments: [var inner] } when LowCardinalityType.Is(type) => Read(inner) is { } values ? LowCardinalityType.Of(values) : null,
        _ => Bare(type),
    };

    static ColumnType? Bare(TypeText type) => Readers.Select(read => read(type)).FirstOrDefault(read => read is not null);
}
