using System.Globalization;
using Millrace.Cli.Basics;

namespace Millrace.Cli.Drills;

/// <summary>What a drill does, and how long it may take. Immutable.</summary>
/// <param name="Name">As the user gives it: <c>kill clickhouse</c>, <c>run week.yaml</c>.</param>
/// <param name="Steps">One after the other, under one load.</param>
/// <param name="EventsPerSecond">What the drill produces itself meanwhile, beside the stand's own emitter.</param>
/// <param name="Within">How long the stand may take to be well again after a strike.</param>
sealed record DrillPlan(string Name, IReadOnlyList<DrillStep> Steps, int EventsPerSecond, TimeSpan Within)
{
    /// <summary>In sentences, before anything is done.</summary>
    public IEnumerable<string> Announcement
    {
        get
        {
            var load = $"while {Humanize.Count(EventsPerSecond)} events a second of the drill's own flow";
            if (Steps is [var only]) return [$"{only.Announcement}, {load}"];
            return Steps.Select((step, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1}. {step.Announcement}"))
                .Prepend(string.Create(CultureInfo.InvariantCulture, $"{Steps.Count} drills, one after the other, {load}:"));
        }
    }
}

/// <summary>One drill of a plan. Immutable.</summary>
/// <param name="Times">1 or more.</param>
/// <param name="Pause">From the moment that the stand is well until the next strike.</param>
/// <param name="Wait">The same before the first.</param>
sealed record DrillStep(Strike Strike, int Times, TimeSpan Pause, TimeSpan Wait)
{
    public string Announcement
    {
        get
        {
            var wait = Wait > TimeSpan.Zero ? $"after {Humanize.Duration(Wait)} " : "";
            var times = Times == 1 ? "" : string.Create(
                CultureInfo.InvariantCulture, $", {Times} times, {Humanize.Duration(Pause)} after the stand is well again");
            return $"{wait}{Strike.Text}{times}";
        }
    }

    /// <param name="number">From 1.</param>
    public string TextOf(int number) => Times == 1
        ? Strike.Text
        : string.Create(CultureInfo.InvariantCulture, $"{Strike.Text} ({number} of {Times})");
}
