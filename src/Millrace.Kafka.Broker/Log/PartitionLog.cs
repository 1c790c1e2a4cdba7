using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// One partition: its segments on disk, its bounds, its idempotent producers. A batch that <see cref="Append"/> has answered for survives
/// the end of the process at any moment; a loss of power may take what has not been through fsync yet, which happens when a segment is full
/// and at a clean end, as in Apache Kafka.
/// </summary>
/// <remarks>
/// Thread-safe. Whatever changes the log holds the append lock; readers take the current <see cref="LogView"/> and no lock. The disk
/// failing takes the partition offline: every answer is then KAFKA_STORAGE_ERROR until it is opened again.
/// </remarks>
sealed partial class PartitionLog : IDisposable
{
    readonly LogDirectory _directory;
    readonly DiskWorker _worker;
    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly Lock _appendLock = new();
    readonly ProducerStates _producers;
    readonly LeaderEpochs _leaderEpochs;
    readonly RecoveryPoint _recoveryPoint;
    volatile LogOptions _options;
    volatile LogView _view;
    long _appendedBytes;

    /// <summary>
    /// Under LogAppendTime the time of the last batch, in ms since 1970: no later one is earlier, though the clock were set back, by up to
    /// <see cref="LogOptions.MaxTimestampAhead"/>.
    /// </summary>
    long _lastAppendTime;

    bool _closed;
    bool _toldOutOfDescriptors;

    /// <summary>Whether the disk worker has been asked to flush what is full, and has not begun.</summary>
    bool _flushWaits;

    /// <summary>Whether files of segments that retention took are still there, and nobody is about to unlink them.</summary>
    volatile bool _holdsDetached;

    volatile ErrorCode _unavailable;

    volatile bool _offline;

    PartitionLog(LogDirectory directory, LogOptions options, LogRecovery.Recovered recovered, LogContext context)
    {
        (_directory, _options) = (directory, options);
        (_worker, _clock, _logger) = (context.Worker, context.Clock, context.Logger);
        (_view, _producers, _leaderEpochs) = (recovered.View, recovered.Producers, recovered.LeaderEpochs);
        _lastAppendTime = _view.GreatestTimestamp;
        _recoveryPoint = new RecoveryPoint(directory, recovered.RecoveryPoint, _logger);
    }

    /// <summary>
    /// The high watermark rose, or the log is <see cref="Unavailable"/> from now on. Raised on the thread that did it, which may hold the
    /// append lock: who listens only wakes somebody.
    /// </summary>
    public event Action? Changed;

    /// <summary>Other settings, which count from the next batch and the next look of retention on.</summary>
    public void Configure(LogOptions options) => _options = options;

    /// <summary>Inclusive.</summary>
    public long LogStartOffset => _view.LogStartOffset;

    /// <inheritdoc cref="LogView.Size"/>
    public long Size => _view.Size;

    /// <summary>Exclusive; on a single broker also the log end offset.</summary>
    public long HighWatermark => _view.HighWatermark;

    /// <summary>The same as long as the log is open: see <see cref="Log.LeaderEpochs"/>.</summary>
    public int LeaderEpoch => _leaderEpochs.Current;

    /// <summary>The disk failed. Stays so after <see cref="Dispose"/>: the shutdown was not a clean one then.</summary>
    public bool IsOffline => _offline;

    /// <summary>
    /// What every request is answered with; None while the log works. To be looked at after what it is to vouch for: a read may find that
    /// the disk fails.
    /// </summary>
    public ErrorCode Unavailable => _unavailable;

    /// <summary>Bytes appended since the log was opened; whatever is deleted, it only grows.</summary>
    public long AppendedBytes => Volatile.Read(ref _appendedBytes);

    /// <summary>Opens the log of a partition, or starts a new one in an absent or empty directory.</summary>
    /// <param name="directory">Named <c>topic-partition</c>.</param>
    /// <param name="afterCleanShutdown">
    /// Whether <see cref="CleanShutdownMarker"/> was there; otherwise all that may be torn is checked.
    /// </param>
    /// <returns>An offline partition where the disk fails: one bad directory must not keep the others from being served.</returns>
    /// <exception cref="IOException">No file descriptor was left: see <see cref="DiskFailure.IsOutOfDescriptors"/>.</exception>
    public static PartitionLog Open(string directory, LogOptions options, LogContext context, bool afterCleanShutdown)
    {
        var names = new LogDirectory(directory, context.Files);
        try
        {
            var recovery = new LogRecovery(names, options, context.Clock, context.Logger, afterCleanShutdown);
            return new PartitionLog(names, options, recovery.Run(), context);
        }
        catch (Exception e) when (DiskFailure.Is(e) && !DiskFailure.IsOutOfDescriptors(e))
        {
            var empty = new LogView([], 0, 0, 0, RecordBatchHeader.NoTimestamp);
            var nothing = new LogRecovery.Recovered(empty, new ProducerStates(context.Clock), LeaderEpochs.First, 0);
            var log = new PartitionLog(names, options, nothing, context);
            log.TakeOffline(e);
            return log;
        }
    }

    /// <summary>
    /// What a client that believes in this leader epoch is told: it has not heard of a newer one, or this broker not of its.
    /// </summary>
    /// <param name="believed">-1 for a client that does not say.</param>
    public ErrorCode CheckLeaderEpoch(int believed) =>
        believed < 0 || believed == LeaderEpoch ? ErrorCode.None
        : believed < LeaderEpoch ? ErrorCode.FencedLeaderEpoch
        : ErrorCode.UnknownLeaderEpoch;

    /// <summary>As <see cref="LeaderEpochs.EndOf"/>.</summary>
    public (int Epoch, long EndOffset) EndOfLeaderEpoch(int epoch) => _leaderEpochs.EndOf(epoch, HighWatermark);

    /// <summary>As <see cref="LeaderEpochs.Of"/>.</summary>
    public int LeaderEpochOf(long offset) => _leaderEpochs.Of(offset);

    /// <summary>
    /// Writes the indexes, brings everything to the device and closes the files. Afterwards requests are answered with
    /// NOT_LEADER_OR_FOLLOWER.
    /// </summary>
    public void Dispose()
    {
        lock (_appendLock)
        {
            if (_closed) return;
            try
            {
                if (!IsOffline) Settle();
            }
            catch (Exception e) when (DiskFailure.Is(e))
            {
                TakeOffline(e);
            }
            Close(ErrorCode.NotLeaderOrFollower);
        }
    }

    /// <summary>
    /// Closes the log for good, before its directory is deleted. Nothing touches the files from here on, not even who still reads: their
    /// names may soon be those of a new partition.
    /// </summary>
    public void Abandon()
    {
        lock (_appendLock)
        {
            _directory.Abandon();
            Close(ErrorCode.UnknownTopicOrPartition);
        }
        Changed?.Invoke();
    }

    void Close(ErrorCode answer)
    {
        _recoveryPoint.Stop();
        _unavailable = answer;
        if (_closed) return;
        _closed = true;
        foreach (var segment in _view.Segments) segment.Release();
    }

    void Settle()
    {
        var view = _view;
        // A stop that leaves a tail is not a clean one: the next start would read it by its headers alone.
        if (view.Active.HoldsTail) view.Active.SetTailAside(_logger);
        if (view.Active.Size > 0) view.Active.TrySaveIndexes(_logger);
        _recoveryPoint.FlushUpTo(view, includeActive: true);
    }

    void TakeOffline(Exception exception)
    {
        if (_unavailable != ErrorCode.None) return;
        _offline = true;
        _unavailable = ErrorCode.KafkaStorageError;
        _logger.PartitionOffline(_directory.Path, exception.Message, exception);
        Changed?.Invoke();
    }
}
