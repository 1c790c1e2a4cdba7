using System.Threading.Channels;

namespace Millrace.Streams.Status;

/// <summary>
/// One reader of a <see cref="StatusHub"/>: a bounded channel that loses its oldest documents when the reader does not keep up. One reader;
/// the hub never waits for it.
/// </summary>
public sealed class StatusSubscription : IDisposable
{
    /// <summary>In documents, one a second.</summary>
    const int Capacity = 120;

    readonly Action<StatusSubscription> _forget;
    readonly string? _feed;
    readonly long _after;
    readonly Channel<StatusDocument> _coming =
        Channel.CreateBounded<StatusDocument>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <param name="feed">Of the last document that the reader knew before; null for none.</param>
    /// <param name="after">Its number: a hub that is filled anew may come to it once more.</param>
    internal StatusSubscription(IReadOnlyList<StatusDocument> past, string? feed, long after, Action<StatusSubscription> forget) =>
        (Past, _feed, _after, _forget) = (past, feed, after, forget);

    /// <summary>What there was before it, oldest first.</summary>
    public IReadOnlyList<StatusDocument> Past { get; }

    /// <summary>What comes after <see cref="Past"/>, in order.</summary>
    public IAsyncEnumerable<StatusDocument> ReadAllAsync(CancellationToken cancellation) => _coming.Reader.ReadAllAsync(cancellation);

    public void Dispose() => _forget(this);

    internal void Offer(StatusDocument document)
    {
        if (document.Feed != _feed || document.Number > _after) _coming.Writer.TryWrite(document);
    }

    internal void End() => _coming.Writer.TryComplete();
}
