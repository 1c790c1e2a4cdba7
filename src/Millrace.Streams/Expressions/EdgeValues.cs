using System.Globalization;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Types;

namespace Millrace.Streams.Expressions;

/// <summary>Values at the ends of each type, on which an expression is tried.</summary>
static class EdgeValues
{
    /// <summary>SQL of an array of them; of types that have none of their own the type's default.</summary>
    public static string Of(ColumnType type)
    {
        var sql = Sql.Text(type.Sql);
        var values = Texts(type).Select(text => $"CAST({Sql.Text(text)}, {sql})").Append($"defaultValueOfTypeName({sql})");
        return $"[{string.Join(", ", type.IsNullable ? values.Append($"CAST(NULL, {sql})") : values)}]";
    }

    static IEnumerable<string> Texts(ColumnType type) => type switch
    {
        IntegerType whole => [Invariant($"{whole.Minimum}"), Invariant($"{whole.Maximum}")],
        FloatType => ["-inf", "inf", "nan"],
        DecimalType { Precision: var precision, Scale: var scale } => [Nines("-", precision, scale), Nines("", precision, scale)],
        DateType { First: var first, Last: var last } => [Invariant($"{first:yyyy-MM-dd}"), Invariant($"{last:yyyy-MM-dd}")],
        TimeType { Name: "DateTime" } => ["1970-01-01 00:00:00", "2106-02-07 06:28:15"],
        TimeType { Scale: 9 } => ["1900-01-01 00:00:00", "2262-04-11 00:00:00"],
        TimeType => ["1900-01-01 00:00:00", "2299-12-31 23:59:59"],
        ClockType => ["-999:59:59", "999:59:59"],
        TextType => ["", "a", "12", "2026-01-02", "{\"a\":[1]}", "\uFFFD ä,"],
        LowCardinalityType { IsText: true } => ["", "a", "12"],
        _ => [],
    };

    static string Nines(string sign, int precision, int scale)
    {
        var digits = new string('9', precision);
        return scale == 0 ? sign + digits : $"{sign}0{digits}".Insert(sign.Length + 1 + precision - scale, ".");
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
