using System.Globalization;

namespace Millrace.Streams.Types;

/// <summary>SQL that tells of a number by its text what a conversion would not: ClickHouse reads "-" as the Decimal 0.</summary>
static class NumberSql
{
    /// <summary>Digits that every double gives back (std::numeric_limits::digits10).</summary>
    public const int DoubleDigits = 15;

    /// <summary>An exponent of three digits reaches beyond each type.</summary>
    const string Form = "^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$";

    /// <summary>Half a digit away from zero; NULL where it is no number, or has more than 38 digits before the point.</summary>
    public static string Rounded(string text, int scale) => string.Create(
        CultureInfo.InvariantCulture,
        $"toString(round(toDecimal256OrNull(if({IsNumber(text)}, {text}, NULL), 38), {scale}))");

    public static string IsNumber(string text) => $"match({text}, '{Form}')";

    /// <summary>
    /// Digits after the point, of a number written without exponent and without zeros at its end; at most 0 of a whole one.
    /// Only for what <see cref="IsNumber"/>.
    /// </summary>
    public static string Scale(string text) =>
        $"length(extract({text}, '[.]([0-9]*)'))" +
        $" - length(extract(replaceOne({text}, '.', ''), '(0*)(?:[eE]|$)'))" +
        $" - toInt32OrZero(extract({text}, '[eE]([+-]?[0-9]+)'))";
}
