using Millrace.Streams.Definition;

namespace Millrace.Streams.Events;

/// <summary>
/// Decides which events are bad on purpose, by a sequence of random numbers of its own: the others are the same whatever the shares are,
/// and one seed with one set of shares gives one sequence. For one thread.
/// </summary>
sealed class LoadFaults(IReadOnlyList<StreamDefinition> streams, int seed)
{
    /// <summary>Any number: the events' own sequence is another one.</summary>
    const int OwnSequence = 0x5EED;

    /// <summary>Events that may come once more: a retry comes soon.</summary>
    const int Remembered = 128;

    static readonly TimeSpan LeastLate = TimeSpan.FromHours(1);
    static readonly TimeSpan MostLate = TimeSpan.FromHours(24);

    readonly EventRandom _random = new(seed ^ OwnSequence);
    readonly EventBreaker[] _breakers = [.. streams.Select(stream => new EventBreaker(stream))];
    readonly List<MadeEvent> _recent = new(Remembered);
    int _oldest;

    /// <param name="make">Makes an event: how late it is, and whether it has the hot key.</param>
    public MadeEvent Next(EventShares shares, Func<TimeSpan, bool, MadeEvent> make)
    {
        var fault = _random.Unit();
        var isMalformed = fault < shares.Malformed;
        if (!isMalformed && fault < shares.Malformed + shares.Duplicates && _recent.Count > 0) return _recent[_random.Below(_recent.Count)];
        var late = _random.Chance(shares.Late) ? LeastLate + ((MostLate - LeastLate) * _random.Unit()) : TimeSpan.Zero;
        var made = make(late, _random.Chance(shares.HotKey));
        if (isMalformed) return made with { Value = _breakers[made.Stream].Break(made.Value, _random), IsMalformed = true };
        if (shares.Duplicates > 0) Remember(made);
        return made;
    }

    void Remember(MadeEvent made)
    {
        if (_recent.Count < Remembered) _recent.Add(made);
        else _recent[_oldest] = made;
        _oldest = (_oldest + 1) % Remembered;
    }
}

/// <summary>An event as the bytes of a record. Immutable.</summary>
/// <param name="Stream">The index of its stream.</param>
/// <param name="IsMalformed">On purpose: it is to become a dead letter.</param>
readonly record struct MadeEvent(int Stream, byte[] Key, byte[] Value, bool IsMalformed);
