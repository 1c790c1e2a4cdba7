using System.Text.Json.Serialization;
using Millrace.Cli.Basics;
using Millrace.Streams.Events;

namespace Millrace.Cli.Output;

/// <summary>What <c>rate</c> answers. Its JSON is in docs/CLI-OUTPUT.md: keep the two in step. Immutable.</summary>
/// <param name="Was">What the emitter was asked for before; null where nobody knows.</param>
/// <param name="Is">What it is asked for now.</param>
sealed record RateReport(EmitterLoad? Was, EmitterLoad Is)
{
    [JsonIgnore]
    public string Sentence => Was is null || Was == Is
        ? $"The emitter makes {Events(Is)}{Bad(Is)}."
        : $"The emitter makes {Events(Is)}{Bad(Is)} from now on; it was {Events(Was)}{Bad(Was)}.";

    static string Bad(EmitterLoad load) => load.Shares == EventShares.None ? "" : $" (shares of bad ones: {load.Shares})";

    static string Events(EmitterLoad load) => load switch
    {
        { RateProfile: { } profile, EventsPerSecond: { } now } => $"{Humanize.Count(now)} events/s by the profile '{profile}'",
        { RateProfile: { } profile } => $"events by the profile '{profile}'",
        { EventsPerSecond: > 0 and var rate } => $"{Humanize.Count(rate)} events/s",
        _ => "as many events as Kafka takes",
    };
}
