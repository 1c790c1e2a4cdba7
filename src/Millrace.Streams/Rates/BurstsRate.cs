using System.Text.RegularExpressions;

namespace Millrace.Streams.Rates;

/// <summary>Each period begins with a burst of one rate, and goes on at another. Immutable.</summary>
/// <param name="Length">Of a burst in seconds; less than <paramref name="Period"/>.</param>
sealed partial record BurstsRate(double Burst, double Length, double Period, double Between) : RateProfile
{
    internal static readonly RateForm Form = new(
        "bursts", "bursts A for TIME every LONGER TIME at B", "bursts 20000 for 2s every 30s at 500", Read);

    public override double DueBy(double seconds)
    {
        var periods = Math.Floor(seconds / Period);
        var bursting = Math.Min(seconds - (periods * Period), Length);
        var burst = (periods * Length) + bursting;
        return (Burst * burst) + (Between * (seconds - burst));
    }

    public override double At(double seconds) => seconds % Period < Length ? Burst : Between;

    static BurstsRate? Read(string text) => Words().Match(text) is { Success: true, Groups: var words }
        && Rate(words["burst"].Value) is { } burst && Rate(words["between"].Value) is { } between
        && Seconds(words["length"].Value) is { } length && Seconds(words["period"].Value) is { } period && length < period
            ? new BurstsRate(burst, length, period, between)
            : null;

    [GeneratedRegex("^bursts (?<burst>[0-9]+) for (?<length>[^ ]+) every (?<period>[^ ]+) at (?<between>[0-9]+)$")]
    private static partial Regex Words();
}
