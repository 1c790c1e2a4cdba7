namespace Millrace.Streams.Types;

/// <summary>The types that a definition may name.</summary>
public static class ColumnTypes
{
    static readonly Func<TypeText, ColumnType?>[] Readers =
    [
        TextType.Read, FixedStringType.Read, PlainType.Read, IPv6Type.Read, BoolType.Read, EnumType.Read,
        IntegerType.Read, FloatType.Read, DecimalType.Read, DateType.Read, TimeType.Read,
    ];

    /// <summary>For the sentence that refuses another type.</summary>
    public const string Known =
        "String, FixedString(N), LowCardinality(...) of these two, UUID, IPv4, IPv6, Bool, Enum('a', 'b'), also as Enum8 or Enum16, "
        + "Int8 to Int256, UInt8 to UInt256, Float32, Float64, Decimal(P, S), Date, Date32, DateTime, DateTime64(P), "
        + "both also with a time zone, "
        + "or Nullable(...) of one of them, which within LowCardinality is LowCardinality(Nullable(...))";

    /// <summary>
    /// Why a text that is none of them is none, where its quotes are at fault, for "has ..."; null where the whole is no type.
    /// </summary>
    public static string? FaultInQuotes(string text) => TypeText.RefusedQuote(text) is { } refused
        ? $"{refused}; between quotes write characters that can be seen, \\' or '' for a quote and \\\\ for a backslash"
        : null;

    /// <summary>Reads one of the <see cref="Known"/> types; null when <paramref name="text"/> is none of them.</summary>
    public static ColumnType? Parse(string text) => TypeText.Parse(text) is { } type ? Read(type) : null;

    static ColumnType? Read(TypeText type) => type switch
    {
        { Word: "Nullable", Arguments: [var inner] } => Bare(inner) is { } bare ? bare with { IsNullable = true } : null,
        { Arguments: [var inner] } when LowCardinalityType.Is(type) => Read(inner) is { } values ? LowCardinalityType.Of(values) : null,
        _ => Bare(type),
    };

    static ColumnType? Bare(TypeText type) => Readers.Select(read => read(type)).FirstOrDefault(read => read is not null);
}
