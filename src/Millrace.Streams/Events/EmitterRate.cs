using Millrace.Streams.Rates;

namespace Millrace.Streams.Events;

/// <summary>
/// How fast an emitter is to go, and how much of what it makes is bad on purpose; both may change while it runs.
/// Any thread may read and change it.
/// </summary>
public sealed class EmitterRate
{
    /// <summary>
    /// Of a record's timestamp under <see cref="HasWrongClocks"/>: Kafka refuses one beyond an hour (message.timestamp.after.max.ms).
    /// </summary>
    public static readonly TimeSpan FurthestAhead = TimeSpan.FromMinutes(59);

    /// <inheritdoc cref="FurthestAhead"/>
    public static readonly TimeSpan FurthestBack = TimeSpan.FromDays(1);

    volatile WantedRate _wanted;
    volatile EventShares _shares = EventShares.None;
    volatile bool _hasWrongClocks;

    /// <param name="perSecond">Events of all streams together; 0: as many as Kafka takes.</param>
    public EmitterRate(int perSecond) => _wanted = new WantedRate(perSecond, null, TimeSpan.Zero);

    /// <param name="age">How much of the profile has passed already, where there is one.</param>
    /// <exception cref="EmitterOptionException">The profile is none.</exception>
    public EmitterRate(EmitterOptions options, TimeSpan age)
    {
        ArgumentNullException.ThrowIfNull(options);
        var profile = options.RateProfile is { } text ? EmitterOptions.ReadProfile(text) : null;
        _wanted = new WantedRate(options.MessagesPerSecond, profile, age);
        Shares = options.Shares;
    }

    /// <summary>A constant rate from now on, where it is set.</summary>
    public int PerSecond { get => _wanted.PerSecond; set => _wanted = new WantedRate(value, null, TimeSpan.Zero); }

    /// <summary><see cref="EventShares.None"/> itself where there are none.</summary>
    public EventShares Shares { get => _shares; set => _shares = value == EventShares.None ? EventShares.None : value; }

    /// <summary>
    /// Records, not what is in them, are dated up to <see cref="FurthestAhead"/> and <see cref="FurthestBack"/>, in disorder, as by many
    /// producers whose clocks are wrong.
    /// </summary>
    public bool HasWrongClocks { get => _hasWrongClocks; set => _hasWrongClocks = value; }

    /// <summary>Another one after each change.</summary>
    internal WantedRate Wanted => _wanted;
}

/// <summary>How fast an emitter is to go. Immutable.</summary>
/// <param name="PerSecond">Counts where there is no profile; 0: as many as Kafka takes.</param>
/// <param name="Age">How much of the profile has passed already.</param>
sealed record WantedRate(int PerSecond, RateProfile? Profile, TimeSpan Age)
{
    /// <returns>null where as many events are due as Kafka takes.</returns>
    public Pacer? Pace(TimeProvider time) => this switch
    {
        { Profile: { } profile } => new Pacer(profile, Age, time),
        { PerSecond: > 0 } => new Pacer(PerSecond, time),
        _ => null,
    };

    public override string ToString() => this switch
    {
        { Profile: { } profile } => profile.Text,
        { PerSecond: 0 } => "as many events as Kafka takes",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{PerSecond} events/s"),
    };
}
