using System.Text.RegularExpressions;

namespace Millrace.Streams.Rates;

/// <summary>One rate after another, each for the same time, and on at the last. Immutable.</summary>
/// <param name="Rates">At least one.</param>
sealed partial record StepsRate(IReadOnlyList<double> Rates, double Duration) : RateProfile
{
    internal static readonly RateForm Form = new("steps", "steps A,B,... every TIME", "steps 1000,2000,5000 every 30s", Read);

    public override double DueBy(double seconds)
    {
        var step = StepAt(seconds);
        return (Rates.Take(step).Sum() * Duration) + (Rates[step] * (seconds - (step * Duration)));
    }

    public override double At(double seconds) => Rates[StepAt(seconds)];

    int StepAt(double seconds) => (int)Math.Min(seconds / Duration, Rates.Count - 1);

    static StepsRate? Read(string text)
    {
        if (Words().Match(text) is not { Success: true, Groups: var words }) return null;
        var rates = words["rate"].Captures.Select(capture => Rate(capture.Value)).OfType<int>().Select(rate => (double)rate).ToList();
        return rates.Count == words["rate"].Captures.Count && Seconds(words["time"].Value) is { } time ? new StepsRate(rates, time) : null;
    }

    [GeneratedRegex("^steps (?<rate>[0-9]+)(?: ?, ?(?<rate>[0-9]+))* every (?<time>[^ ]+)$")]
    private static partial Regex Words();
}
