using System.Text;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Topics;

namespace Millrace.Kafka.Broker;

/// <summary>
/// The broker's directory while this broker owns it: <c>.lock</c> and <c>meta.properties</c> as Apache Kafka has them (Kafka's LogManager.scala,
/// MetaProperties.java), <c>producer-ids</c>, and what topics and groups keep here.
/// </summary>
/// <remarks>Owned by the <see cref="BrokerHost"/>; disposing lets another broker in.</remarks>
sealed class DataDirectory : IDisposable
{
    const string ClusterIdKey = "cluster.id=";

    /// <summary>EWOULDBLOCK, which .NET passes on as the HResult of a lock that is taken.</summary>
    const int WouldBlockOnLinux = 11, WouldBlockOnMacOS = 35;

    readonly FileStream _lock;

    DataDirectory(string path, FileStream @lock, string clusterId, bool wasCleanShutdown)
    {
        Path = path;
        _lock = @lock;
        ClusterId = clusterId;
        WasCleanShutdown = wasCleanShutdown;
    }

    public string Path { get; }

    /// <summary>cluster.id: made together with the directory.</summary>
    public string ClusterId { get; }

    /// <summary>Whether the last owner left every partition closed and flushed.</summary>
    public bool WasCleanShutdown { get; }

    public string ProducerIds => System.IO.Path.Combine(Path, "producer-ids");

    /// <exception cref="BrokerStartException">Another broker owns the directory, or it can't be written.</exception>
    public static DataDirectory Open(string path, IFileSystem files)
    {
        try
        {
            files.CreateDirectory(path);
            return Open(path, Lock(path), files);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw new BrokerStartException($"The data directory {path} can't be used: {e.Message}", e);
        }
    }

    static DataDirectory Open(string path, FileStream @lock, IFileSystem files)
    {
        try
        {
            return new(path, @lock, ClusterIdOf(path, files), CleanShutdownMarker.TakeAway(files, path));
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>An advisory lock that goes with the process (flock): a killed broker leaves none behind.</summary>
    static FileStream Lock(string path)
    {
        try
        {
            return new(System.IO.Path.Combine(path, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is WouldBlockOnLinux or WouldBlockOnMacOS)
        {
            throw new BrokerStartException($"The data directory {path} belongs to another broker that is running.", e);
        }
    }

    static string ClusterIdOf(string path, IFileSystem files)
    {
        var properties = System.IO.Path.Combine(path, "meta.properties");
        if (files.ReadWhole(properties) is { } bytes)
        {
            var line = Encoding.ASCII.GetString(bytes).Split('\n').FirstOrDefault(l => l.StartsWith(ClusterIdKey, StringComparison.Ordinal))
                ?? throw new IOException("meta.properties names no cluster.id");
            return line[ClusterIdKey.Length..].Trim();
        }
        var clusterId = TopicId.ToText(Guid.NewGuid());
        files.ReplaceWhole(properties, Encoding.ASCII.GetBytes($"version=1\n{ClusterIdKey}{clusterId}\nnode.id={BrokerState.NodeIdText}\n"));
        return clusterId;
    }
}
