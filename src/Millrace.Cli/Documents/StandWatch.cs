using System.Threading.Channels;

namespace Millrace.Cli.Documents;

/// <summary>
/// Somebody who wants to hear of every change of the stand: a bounded channel that loses its oldest
/// documents when its reader does not keep up. One reader; whoever writes never waits.
/// </summary>
/// <param name="forget">Ends it.</param>
/// <param name="since">Number of the last document before it.</param>
sealed class StandWatch(Action<StandWatch> forget, long since) : IDisposable
{
    /// <summary>In documents: two minutes of a running stand, which makes two a second.</summary>
    const int Capacity = 256;

    readonly Channel<StandDocument> _documents =
        Channel.CreateBounded<StandDocument>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    long _last = since;
    long _missed;

    /// <summary>The documents, in their order, without a thread; ends after <see cref="End"/>.</summary>
    public IAsyncEnumerable<StandDocument> ReadAllAsync(CancellationToken cancellation) => _documents.Reader.ReadAllAsync(cancellation);

    /// <summary>The documents, in their order, for a reader with a thread of its own; ends after <see cref="End"/>.</summary>
    public IEnumerable<StandDocument> ReadAll()
    {
        while (_documents.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            while (_documents.Reader.TryRead(out var document))
            {
                _missed += document.Number - _last - 1;
                _last = document.Number;
                yield return document;
            }
    }

    /// <summary>How many documents <see cref="ReadAll"/> had to leave out since the last call.</summary>
    public long TakeMissed() => Interlocked.Exchange(ref _missed, 0);

    /// <summary>Never waits.</summary>
    public void Offer(StandDocument document) => _documents.Writer.TryWrite(document);

    /// <summary>No document follows; those that are there can still be read.</summary>
    public void End() => _documents.Writer.TryComplete();

    public void Dispose() => forget(this);
}
