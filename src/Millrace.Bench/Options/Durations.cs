using System.Globalization;

namespace Millrace.Bench.Options;

/// <summary>Times as a user types them: 500ms, 60s, 2m, and 60 for seconds.</summary>
public static class Durations
{
    /// <summary>What <see cref="Parse"/> takes.</summary>
    public const string Allowed = "a time up to a day, such as 500ms, 30s or 2m";

    static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <returns>null where it is none.</returns>
    public static TimeSpan? Parse(string text)
    {
        var (unit, seconds) = Units.FirstOrDefault(unit => text.EndsWith(unit.Unit, StringComparison.Ordinal));
        var digits = text.AsSpan(0, text.Length - (unit?.Length ?? 0));
        var isNumber = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        var value = number * (unit is null ? 1 : seconds);
        return isNumber && value <= TimeSpan.FromDays(1).TotalSeconds ? TimeSpan.FromSeconds(value) : null;
    }
}
