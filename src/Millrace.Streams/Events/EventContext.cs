namespace Millrace.Streams.Events;

/// <summary>What the event being made is about. One for all events of an emitter, filled anew for each; for one thread.</summary>
sealed class EventContext(EventRandom random)
{
    public EventRandom Random { get; } = random;

    public Session Session { get; set; } = null!;

    public Product Product { get; set; } = null!;

    /// <summary>Pieces: 1 to 5.</summary>
    public int Quantity { get; set; }

    public DateTimeOffset Now { get; set; }

    /// <summary>It has the key of its stream's first event.</summary>
    public bool HasHotKey { get; set; }
}
