using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Streams.Rates;

/// <summary>
/// How many events a second are due, as it changes over time. A kind of profile is a file beside this one, and a line in
/// <see cref="Forms"/>. Immutable.
/// </summary>
public abstract partial record RateProfile
{
    /// <summary>Events a second.</summary>
    public const int HighestRate = 10_000_000;

    /// <summary>As long as the emitter's own slice of time: what is shorter nobody would see.</summary>
    static readonly TimeSpan ShortestTime = TimeSpan.FromMilliseconds(10);

    static readonly TimeSpan LongestTime = TimeSpan.FromDays(366);

    static readonly IReadOnlyList<RateForm> Forms = [RampRate.Form, StepsRate.Form, SineRate.Form, BurstsRate.Form];

    /// <summary>As the user wrote it, in lower case and without needless spaces.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Events due from its beginning to so many seconds after it: exact, as the integral of <see cref="At"/>.</summary>
    public abstract double DueBy(double seconds);

    /// <summary>Events a second at this moment; 0: none.</summary>
    /// <param name="seconds">Since its beginning.</param>
    public abstract double At(double seconds);

    /// <summary>What a text must be that says a profile: that of its kind where its first word tells, all of them otherwise.</summary>
    public static string Allowed(string text)
    {
        var first = Squeeze(text).Split(' ')[0];
        var shapes = Forms.FirstOrDefault(form => form.Word == first) is { } meant
            ? $"{meant.Shape}, as in {meant.Example}"
            : string.Join("; ", Forms.Select(form => form.Shape));
        var bounds = string.Create(CultureInfo.InvariantCulture, $"rates are from 0 to {HighestRate} events/s, times from 10ms to 366d");
        return $"{shapes}; {bounds}";
    }

    /// <returns>null where <paramref name="text"/> is none: <see cref="Allowed"/> says what would be one.</returns>
    public static RateProfile? Parse(string text)
    {
        var squeezed = Squeeze(text);
        var profile = Forms.Select(form => form.Read(squeezed)).FirstOrDefault(read => read is not null);
        return profile is null ? null : profile with { Text = squeezed };
    }

    /// <returns>null where it is no rate.</returns>
    protected static int? Rate(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var rate) && rate <= HighestRate ? rate : null;

    /// <summary>The seconds of a time such as 500ms, 1.5s, 5m, 24h or 7d.</summary>
    /// <returns>null where it is none, or too short or long.</returns>
    protected static double? Seconds(string time)
    {
        if (Time().Match(time) is not { Success: true } match) return null;
        var unit = match.Groups["unit"].Value switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, _ => 86_400 };
        var seconds = unit * double.Parse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return seconds >= ShortestTime.TotalSeconds && seconds <= LongestTime.TotalSeconds ? seconds : null;
    }

    static string Squeeze(string text) => string.Join(' ', text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex("^(?<number>[0-9]{1,9}(?:[.][0-9]{1,9})?)(?<unit>ms|s|m|h|d)$")]
    private static partial Regex Time();
}

/// <summary>How a kind of profile is written. Immutable.</summary>
/// <param name="Word">Its first.</param>
/// <param name="Read">null where the text is not of this kind, or says what can't be.</param>
sealed record RateForm(string Word, string Shape, string Example, Func<string, RateProfile?> Read);
