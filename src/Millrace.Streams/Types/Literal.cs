using System.Globalization;

namespace Millrace.Streams.Types;

/// <summary>Values that stand in a definition.</summary>
static class Literal
{
    /// <summary>null where <paramref name="text"/> is no number, or one of more digits than a decimal has.</summary>
    public static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>decimal.MaxValue where the power would not fit a decimal.</summary>
    public static decimal PowerOfTen(int exponent) =>
        exponent > 28 ? decimal.MaxValue : Enumerable.Repeat(10m, exponent).Aggregate(1m, (product, ten) => product * ten);
}
