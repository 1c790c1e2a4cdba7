using System.Text.RegularExpressions;

namespace Millrace.Streams.Rates;

/// <summary>
/// A wave between two rates, as the traffic of a day: it begins at the first, and is at the second half a period later. Immutable.
/// </summary>
sealed partial record SineRate(double From, double To, double Period) : RateProfile
{
    internal static readonly RateForm Form = new("sine", "sine A..B over TIME", "sine 500..5000 over 24h", Read);

    public override double DueBy(double seconds) =>
        (From * seconds) + ((To - From) / 2 * (seconds - (Math.Sin(Angle(seconds)) * Period / (2 * Math.PI))));

    public override double At(double seconds) => From + ((To - From) / 2 * (1 - Math.Cos(Angle(seconds))));

    /// <summary>Of a full turn each period; small also after years, as it was at their beginning.</summary>
    double Angle(double seconds) => 2 * Math.PI * (seconds % Period) / Period;

    static SineRate? Read(string text) => Words().Match(text) is { Success: true, Groups: var words }
        && Rate(words["from"].Value) is { } from && Rate(words["to"].Value) is { } to && Seconds(words["time"].Value) is { } time
            ? new SineRate(from, to, time)
            : null;

    [GeneratedRegex("^sine (?<from>[0-9]+) ?[.][.] ?(?<to>[0-9]+) over (?<time>[^ ]+)$")]
    private static partial Regex Words();
}
