namespace Millrace.Streams.Events;

/// <summary>What an emitter is asked for while it runs. Immutable.</summary>
/// <param name="EventsPerSecond">
/// Of all streams together; 0: as many as Kafka takes. Under a profile that of now, where 0 is none; null where nobody has told it yet.
/// </param>
/// <param name="RateProfile">null for a constant rate.</param>
public sealed record EmitterLoad(int? EventsPerSecond, string? RateProfile = null)
{
    /// <summary>How much of the events is bad on purpose.</summary>
    public EventShares Shares { get; init; } = EventShares.None;

    public static EmitterLoad Of(EmitterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var load = options.RateProfile is { } profile ? new EmitterLoad(null, profile) : new EmitterLoad(options.MessagesPerSecond);
        return load with { Shares = options.Shares };
    }

    /// <summary>The same at a constant rate, which ends a profile; at its own where there is none.</summary>
    public EmitterLoad At(int? eventsPerSecond) =>
        eventsPerSecond is { } rate ? this with { EventsPerSecond = rate, RateProfile = null } : this;

    public EmitterLoad With(ShareChange? change) => change is null ? this : this with { Shares = change.Onto(Shares) };

    /// <summary>The options of an emitter that is asked for this.</summary>
    public EmitterOptions Onto(EmitterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with
        {
            MessagesPerSecond = EventsPerSecond ?? options.MessagesPerSecond,
            RateProfile = RateProfile,
            Shares = Shares,
        };
    }
}
