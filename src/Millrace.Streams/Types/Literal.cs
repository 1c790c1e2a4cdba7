using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Millrace.Streams.Types;

/// <summary>Values that stand in a definition.</summary>
static partial class Literal
{
    /// <summary>null where <paramref name="text"/> is no number, or one of more digits than a decimal has.</summary>
    public static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>A number of any size, in units of its last digit that is not 0 after the point; null where it is none.</summary>
    public static (BigInteger Units, int Scale)? Exact(string text)
    {
        if (NumberForm().Match(text) is not { Success: true } match) return null;
        var fraction = match.Groups["fraction"].Value.TrimEnd('0');
        var units = BigInteger.Parse($"0{match.Groups["whole"].Value}{fraction}", CultureInfo.InvariantCulture);
        return (match.Groups["sign"].Value == "-" ? -units : units, fraction.Length);
    }

    /// <summary>
    /// JSON wants a number without a plus, without zeros before it and with digits on both sides of the point, unlike a definition.
    /// </summary>
    /// <param name="text">Of a number that <see cref="Exact"/> takes.</param>
    public static string Json(string text)
    {
        var match = NumberForm().Match(text);
        var (whole, fraction) = (match.Groups["whole"].Value.TrimStart('0'), match.Groups["fraction"].Value);
        var sign = match.Groups["sign"].Value == "-" && Exact(text)!.Value.Units != 0 ? "-" : "";
        return $"{sign}{(whole == "" ? "0" : whole)}{(fraction == "" ? "" : $".{fraction}")}";
    }

    /// <summary>decimal.MaxValue where the power would not fit a decimal.</summary>
    public static decimal PowerOfTen(int exponent) =>
        exponent > 28 ? decimal.MaxValue : Enumerable.Repeat(10m, exponent).Aggregate(1m, (product, ten) => product * ten);

    [GeneratedRegex(@"^(?<sign>[+-]?)(?=[.]?[0-9])(?<whole>[0-9]*)(?:[.](?<fraction>[0-9]*))?\z")]
    private static partial Regex NumberForm();
}
