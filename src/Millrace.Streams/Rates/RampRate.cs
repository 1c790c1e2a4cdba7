using System.Text.RegularExpressions;

namespace Millrace.Streams.Rates;

/// <summary>From one rate to another in a straight line, and on at the second. Immutable.</summary>
sealed partial record RampRate(double From, double To, double Duration) : RateProfile
{
    internal static readonly RateForm Form = new("ramp", "ramp A..B over TIME", "ramp 1000..20000 over 60s", Read);

    public override double DueBy(double seconds)
    {
        var ramped = Math.Min(seconds, Duration);
        return (From * ramped) + ((To - From) * ramped * ramped / (2 * Duration)) + (To * (seconds - ramped));
    }

    public override double At(double seconds) => seconds < Duration ? From + ((To - From) * seconds / Duration) : To;

    static RampRate? Read(string text) => Words().Match(text) is { Success: true, Groups: var words }
        && Rate(words["from"].Value) is { } from && Rate(words["to"].Value) is { } to && Seconds(words["time"].Value) is { } time
            ? new RampRate(from, to, time)
            : null;

    [GeneratedRegex("^ramp (?<from>[0-9]+) ?[.][.] ?(?<to>[0-9]+) over (?<time>[^ ]+)$")]
    private static partial Regex Words();
}
