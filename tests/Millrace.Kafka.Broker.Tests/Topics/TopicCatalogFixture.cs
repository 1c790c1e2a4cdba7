using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Tests.Log;
using Millrace.Kafka.Broker.Topics;

namespace Millrace.Kafka.Broker.Tests.Topics;

/// <summary>
/// Topic catalogs on a disk in memory. Opening another one on the same disk, without disposing the first, is a <c>kill -9</c> in between.
/// </summary>
static class TopicCatalogFixture
{
    public const string Directory = "/data";

    public static readonly Dictionary<string, string> NoConfigs = [];

    static readonly DiskWorker Worker = new(NullLogger.Instance);

    public static BrokerOptions Options { get; } = new() { DataDirectory = Directory };

    public static TopicCatalog Open(MemoryFileSystem disk, Action<string>? deleted = null, ILogger? log = null)
    {
        disk.CreateDirectory(Directory);
        var catalog = new TopicCatalog(
            Directory,
            disk,
            Options,
            (path, options) => PartitionLog.Open(path, options, new(disk, Worker, TimeProvider.System, NullLogger.Instance), false),
            log ?? NullLogger.Instance);
        catalog.Load();
        if (deleted is not null) catalog.Deleted += deleted;
        catalog.FinishDeletions();
        return catalog;
    }

    /// <summary>The disk as it was before each operation that changed it while <paramref name="act"/> ran.</summary>
    public static IReadOnlyList<(string Operation, MemoryFileSystem Disk)> CrashPoints(MemoryFileSystem disk, Action act)
    {
        var points = new List<(string, MemoryFileSystem)>();
        disk.Changing = (operation, path) => points.Add(($"{operation} {path}", disk.Copy()));
        act();
        disk.Changing = null;
        return points;
    }
}
