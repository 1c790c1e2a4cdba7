using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Apis;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Topics;

namespace Millrace.Kafka.Broker;

/// <summary>
/// The broker's directory while this broker owns it: <c>.lock</c> and <c>meta.properties</c> as Apache Kafka has them (Kafka's
/// LogManager.scala, MetaProperties.java), <c>producer-ids</c>, and what topics and groups keep here.
/// </summary>
/// <remarks>Owned by the <see cref="BrokerHost"/>; disposing lets another broker in.</remarks>
sealed class BrokerDirectory : IDisposable
{
    const string VersionKey = "version=";
    const string ClusterIdKey = "cluster.id=";

    /// <summary>Of meta.properties: MetaPropertiesVersion.V1, the first without ZooKeeper. A file without one is taken for it.</summary>
    const int Version = 1;

    /// <summary>EWOULDBLOCK, which .NET passes on as the HResult of a lock that is taken.</summary>
    const int WouldBlockOnLinux = 11, WouldBlockOnMacOS = 35;

    readonly FileStream _lock;

    BrokerDirectory(string path, FileStream @lock, string clusterId, bool wasCleanShutdown, ILogger logger)
    {
        Path = path;
        _lock = @lock;
        ClusterId = clusterId;
        WasCleanShutdown = wasCleanShutdown;
        Worker = new(logger);
    }

    public string Path { get; }

    /// <summary>cluster.id: made together with the directory.</summary>
    public string ClusterId { get; }

    /// <summary>Whether the last owner left every partition closed and flushed.</summary>
    public bool WasCleanShutdown { get; }

    /// <summary>Done with all its work before another broker is let in.</summary>
    public DiskWorker Worker { get; }

    public string ProducerIds => System.IO.Path.Combine(Path, "producer-ids");

    /// <exception cref="BrokerStartException">
    /// Another broker owns the directory, it can't be written, or a later version wrote meta.properties.
    /// </exception>
    public static BrokerDirectory Open(string path, IFileSystem files, ILogger logger)
    {
        try
        {
            Make(path, files);
            return Open(path, Lock(path), files, logger);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw new BrokerStartException($"The data directory {path} can't be used: {e.Message}", e);
        }
    }

    static BrokerDirectory Open(string path, FileStream @lock, IFileSystem files, ILogger logger)
    {
        try
        {
            return new(path, @lock, ClusterIdOf(path, files), CleanShutdownMarker.TakeAway(files, path), logger);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Worker.Dispose();
        _lock.Dispose();
    }

    static void Make(string path, IFileSystem files)
    {
        if (files.DirectoryExists(path)) return;
        files.CreateDirectory(path);
        try
        {
            files.SyncDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            // One may make directories where one may not read, /home for example. The file system writes the name in its own time then.
        }
    }

    /// <summary>
    /// An advisory lock that goes with the process (flock): a killed broker leaves none behind. Who may open the file may hold the lock, so
    /// it is this user's alone, and not a link to a file of somebody else's.
    /// </summary>
    static FileStream Lock(string path)
    {
        var file = System.IO.Path.Combine(path, ".lock");
        DemandPlainFile(file, isPlain: true);
        try
        {
            return Claimed(new FileStream(file, PrivateFile.Options(FileMode.OpenOrCreate, FileShare.None)), file);
        }
        catch (IOException e) when (e.HResult is WouldBlockOnLinux or WouldBlockOnMacOS)
        {
            throw new BrokerStartException($"The data directory {path} belongs to another broker that is running.", e);
        }
    }

    /// <summary>One that an earlier version made could be opened by others.</summary>
    static FileStream Claimed(FileStream @lock, string file)
    {
        try
        {
            DemandPlainFile(file, @lock.CanSeek); // a pipe can be opened too
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(@lock.SafeFileHandle) != PrivateFile.FileMode600)
                File.SetUnixFileMode(@lock.SafeFileHandle, PrivateFile.FileMode600);
            return @lock;
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    static void DemandPlainFile(string path, bool isPlain)
    {
        if (!isPlain || new FileInfo(path).LinkTarget is not null)
            throw new BrokerStartException($"{path} is not a plain file: delete it and start the broker again.");
    }

    static string ClusterIdOf(string path, IFileSystem files)
    {
        var properties = System.IO.Path.Combine(path, "meta.properties");
        if (files.ReadWhole(properties) is { } bytes)
        {
            var lines = Encoding.ASCII.GetString(bytes).Split('\n');
            DemandKnownVersion(properties, Find(lines, VersionKey));
            return Find(lines, ClusterIdKey) ?? throw new IOException("meta.properties names no cluster.id");
        }
        var clusterId = TopicId.ToText(Guid.NewGuid());
        var text = $"{VersionKey}{Version}\n{ClusterIdKey}{clusterId}\nnode.id={BrokerState.NodeIdText}\n";
        files.ReplaceWhole(properties, Encoding.ASCII.GetBytes(text));
        return clusterId;
    }

    static string? Find(string[] lines, string key) =>
        lines.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim();

    static void DemandKnownVersion(string path, string? version)
    {
        if (version is null) return;
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var format))
            throw new IOException("meta.properties names no version that is a number");
        if (format > Version) throw new LaterFormatException(path, format, Version);
    }
}
