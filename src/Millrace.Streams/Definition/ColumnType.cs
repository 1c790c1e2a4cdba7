using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Streams.Definition;

/// <summary>The types a stream's column may have, by ClickHouse's names.</summary>
public enum ColumnKind
{
    String, LowCardinalityString, UUID, IPv4, Bool,
    Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64,
    Float64, Decimal, DateTime64,
}

/// <summary>A column's type as the definition states it. Immutable.</summary>
/// <param name="Precision">Decimal digits in all, 1 to 38; 0 unless a Decimal.</param>
/// <param name="Scale">Decimal digits after the point; 3 for DateTime64, 0 for what has none.</param>
public sealed partial record ColumnType(ColumnKind Kind, bool IsNullable = false, int Precision = 0, int Scale = 0)
{
    /// <summary>For the sentence that refuses another type.</summary>
    public const string Known =
        "String, LowCardinality(String), UUID, IPv4, Bool, Int8 to Int64, UInt8 to UInt64, Float64, Decimal(P, S), DateTime64(3), "
        + "or Nullable(...) of one of them, which for the second is LowCardinality(Nullable(String))";

    const int MaxDecimalPrecision = 38;

    public bool IsInteger => Kind is >= ColumnKind.Int8 and <= ColumnKind.UInt64;

    public bool IsText => Kind is ColumnKind.String or ColumnKind.LowCardinalityString;

    /// <summary>The type as ClickHouse writes it in system.columns, without Nullable.</summary>
    public string BareSql => Kind switch
    {
        ColumnKind.LowCardinalityString => "LowCardinality(String)",
        ColumnKind.Decimal => string.Create(CultureInfo.InvariantCulture, $"Decimal({Precision}, {Scale})"),
        ColumnKind.DateTime64 => "DateTime64(3)",
        _ => Kind.ToString(),
    };

    /// <summary>The type as ClickHouse writes it in system.columns.</summary>
    public string Sql => (IsNullable, Kind) switch
    {
        (false, _) => BareSql,
        (true, ColumnKind.LowCardinalityString) => "LowCardinality(Nullable(String))",
        (true, _) => $"Nullable({BareSql})",
    };

    /// <summary>Reads one of the <see cref="Known"/> types; null when <paramref name="text"/> is none of them.</summary>
    public static ColumnType? Parse(string text)
    {
        text = text.Replace(" ", "", StringComparison.Ordinal);
        if (text == "LowCardinality(Nullable(String))") return new ColumnType(ColumnKind.LowCardinalityString, IsNullable: true);
        if (NullableForm().Match(text) is { Success: true } nullable)
            return ParseBare(nullable.Groups[1].Value) is { } inner ? inner with { IsNullable = true } : null;
        return ParseBare(text);
    }

    static ColumnType? ParseBare(string text)
    {
        if (text == "LowCardinality(String)") return new ColumnType(ColumnKind.LowCardinalityString);
        if (text == "DateTime64(3)") return new ColumnType(ColumnKind.DateTime64, Scale: 3);
        if (DecimalForm().Match(text) is { Success: true } match) return ParseDecimal(match);
        var plain = Enum.TryParse<ColumnKind>(text, out var kind) && text == kind.ToString()
            && kind is not (ColumnKind.LowCardinalityString or ColumnKind.Decimal or ColumnKind.DateTime64);
        return plain ? new ColumnType(kind) : null;
    }

    static ColumnType? ParseDecimal(Match match)
    {
        var precision = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var scale = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        return precision is >= 1 and <= MaxDecimalPrecision && scale <= precision
            ? new ColumnType(ColumnKind.Decimal, Precision: precision, Scale: scale)
            : null;
    }

    [GeneratedRegex(@"^Nullable\((.+)\)$")]
    private static partial Regex NullableForm();

    [GeneratedRegex(@"^Decimal\((\d{1,2}),(\d{1,2})\)$")]
    private static partial Regex DecimalForm();
}
