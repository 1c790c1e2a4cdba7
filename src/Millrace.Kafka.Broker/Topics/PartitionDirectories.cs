using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>
/// The directories <c>TOPIC-0/</c>, <c>TOPIC-1/</c>... of the data directory: makes them for new partitions and deletes those of deleted
/// ones. Nothing else is deleted here but what holds no record and carries our mark, <c>partition.metadata</c> (docs/decisions/0007).
/// </summary>
/// <remarks>Not thread-safe: the <see cref="TopicCatalog"/> calls it under its lock.</remarks>
sealed class PartitionDirectories(string dataDirectory, IFileSystem files, ILogger logger)
{
    const string TopicIdKey = "topic_id: ";

    public string PathOf(string topic, int partition) => Path.Combine(dataDirectory, $"{topic}-{partition}");

    /// <summary>Makes a new partition's directory. Records that lie there, and no topic speaks of, are set aside.</summary>
    public void Create(string topic, string topicId, int partition)
    {
        var directory = PathOf(topic, partition);
        if (files.DirectoryExists(directory))
        {
            if (HoldsRecords(directory)) SetAside(directory);
            else DeleteOwnFiles(directory);
        }
        files.CreateDirectory(directory);
        files.ReplaceWhole(
            Path.Combine(directory, LogDirectory.Metadata), Encoding.ASCII.GetBytes($"version: 0\n{TopicIdKey}{topicId}"), flush: false);
    }

    /// <summary>
    /// What was just made, or what a user has asked to be deleted; does nothing where it is gone already. Another topic's, and files that
    /// are not ours, stay.
    /// </summary>
    public void Delete(string topic, string topicId, int partition)
    {
        var directory = PathOf(topic, partition);
        if (!files.DirectoryExists(directory)) return;
        if (TopicIdOf(directory) is { } found && found != topicId)
        {
            logger.DirectoryLeftAlone(directory, $"it is of topic id {found}, and {topicId} was deleted");
            return;
        }
        if (!HoldsForeign(directory))
        {
            files.DeleteDirectory(directory);
            return;
        }
        DeleteOwnFiles(directory);
        files.DeleteDirectory(Path.Combine(directory, Storage.SetAside.DirectoryName));
        logger.DirectoryLeftAlone(directory, "it holds files that no partition has");
    }

    /// <summary>
    /// Deletes the directories that are left of partitions that were never finished, and names the others that no topic speaks of.
    /// </summary>
    /// <param name="isKnown">Whether a topic has this partition, or had it and is being deleted.</param>
    public void DeleteUnfinished(Func<string, int, bool> isKnown)
    {
        var deleted = 0;
        foreach (var name in files.ListDirectories(dataDirectory))
        {
            if (Parse(name) is not var (topic, partition) || isKnown(topic, partition)) continue;
            var directory = Path.Combine(dataDirectory, name);
            if (TopicIdOf(directory) is null) continue; // somebody else's
            if (HoldsRecords(directory) || HoldsForeign(directory))
            {
                var bytes = new LogDirectory(directory, files).SizeInBytes();
                logger.DirectoryLeftAlone(directory, $"no topic has this partition, and it holds {bytes} bytes of records");
                continue;
            }
            files.DeleteDirectory(directory);
            deleted++;
        }
        if (deleted > 0) logger.UnfinishedDeleted(deleted);
    }

    /// <summary>Which partitions there are survives a loss of power.</summary>
    public void Sync() => files.SyncDirectory(dataDirectory);

    /// <summary>Null where the name is not topic, dash, number.</summary>
    static (string Topic, int Partition)? Parse(string name)
    {
        var dash = name.LastIndexOf('-');
        if (dash < 1 || TopicName.Refusal(name[..dash]) is not null) return null;
        return int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            ? (name[..dash], partition)
            : null;
    }

    void SetAside(string directory)
    {
        var bytes = new LogDirectory(directory, files).SizeInBytes();
        logger.DirectorySetAside(directory, bytes, files.MoveDirectoryAside(directory));
    }

    /// <summary>Also those that recovery has set aside in it.</summary>
    bool HoldsRecords(string directory) =>
        files.ListDirectories(directory).Contains(Storage.SetAside.DirectoryName) || new LogDirectory(directory, files).SizeInBytes() > 0;

    bool HoldsForeign(string directory) =>
        files.ListFiles(directory).Any(name => !LogDirectory.IsOurs(name))
        || files.ListDirectories(directory).Any(name => name != Storage.SetAside.DirectoryName);

    void DeleteOwnFiles(string directory)
    {
        foreach (var name in files.ListFiles(directory).Where(LogDirectory.IsOurs)) files.DeleteFile(Path.Combine(directory, name));
    }

    /// <summary>Null where the directory carries no mark, or a loss of power took it.</summary>
    string? TopicIdOf(string directory)
    {
        if (files.ReadWhole(Path.Combine(directory, LogDirectory.Metadata)) is not { } bytes) return null;
        var lines = Encoding.ASCII.GetString(bytes).Split('\n');
        var line = lines.FirstOrDefault(line => line.StartsWith(TopicIdKey, StringComparison.Ordinal));
        return line?[TopicIdKey.Length..].Trim();
    }
}
