namespace Millrace.Kafka.Broker.Storage;

/// <summary>
/// The file descriptors of the process against its limit, so that the broker refuses before the operating system does: at the limit .NET
/// itself fails, which ends the process. Counts the broker's own files and sockets exactly; all else that is open is measured, once a
/// second at most. A directory is not counted while it is listed or synced.
/// <code>
/// limit ─ 32                        the runtime's: nothing of the broker's goes beyond
/// limit ─ 32 ─ 16                   segments that are rolled, and files that are open for a moment: clients' connections end here
/// limit ─ 32 ─ limit/4 (at most 1,024)   connections: new partitions end here
/// </code>
/// </summary>
/// <param name="limit">RLIMIT_NOFILE.</param>
/// <param name="countOpen">How many descriptors the process has open. Takes microseconds where these are hundreds, milliseconds where they
/// are ten thousands.</param>
/// <param name="goodFor">How long a count is believed, in milliseconds.</param>
/// <remarks>Thread-safe.</remarks>
sealed class Descriptors(long limit, Func<int> countOpen, long goodFor = 1000)
{
    const int RuntimeReserve = 32, RollReserve = 16, MostForConnections = 1024;

    int _own;
    int _others = countOpen();
    long _countedAt = Environment.TickCount64;

    public static Descriptors Unlimited { get; } = new(long.MaxValue, () => 0);

    public long Limit => limit;

    /// <summary>What the message to a client or user ends with.</summary>
    public string Advice => $"the process may have {limit} files open: raise that limit (ulimit -n) and start the broker again";

    long Left => limit - Volatile.Read(ref _others) - Volatile.Read(ref _own);

    public static Descriptors OfThisProcess() => LibC.LimitOfOpenFiles() is { } limit ? new(limit, CountOpen) : Unlimited;

    public void Opened() => Interlocked.Increment(ref _own);

    public void Closed() => Interlocked.Decrement(ref _own);

    /// <summary>Whether so many partitions may be made, each of which opens a file at once.</summary>
    public bool HaveRoomForPartitions(int count) => HaveMoreThan(RuntimeReserve + Math.Min(limit / 4, MostForConnections) + count);

    public bool HaveRoomForAConnection => HaveMoreThan(RuntimeReserve + RollReserve);

    /// <summary>To be asked before a segment is opened, which stays so.</summary>
    /// <exception cref="IOException"><see cref="DiskFailure.IsOutOfDescriptors"/>.</exception>
    public void DemandOne()
    {
        if (!HaveMoreThan(RuntimeReserve)) throw DiskFailure.OutOfDescriptors($"too many open files: {Advice}");
    }

    /// <summary>A no is told only after a look at what is open now.</summary>
    bool HaveMoreThan(long reserve)
    {
        if (Environment.TickCount64 - Volatile.Read(ref _countedAt) < goodFor && Left > reserve) return true;
        Volatile.Write(ref _others, countOpen() - Volatile.Read(ref _own));
        Volatile.Write(ref _countedAt, Environment.TickCount64);
        return Left > reserve;
    }

    /// <summary>The directory is read by a descriptor of its own, which is counted too.</summary>
    static int CountOpen()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries("/dev/fd").Count();
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            return 0; // no /dev here: the system's own limit is all there is
        }
    }
}
