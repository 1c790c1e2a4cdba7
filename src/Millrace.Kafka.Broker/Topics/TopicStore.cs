using System.Text;
using Millrace.Kafka.Broker.Log;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>
/// Topics on the disk: <c>topics/NAME.json</c> for each, and its records in Apache Kafka's layout, <c>NAME-0/</c>, <c>NAME-1/</c>...
/// A topic exists exactly as long as its file: the file comes last when a topic is made, and is renamed to <c>NAME.gone</c> first when it goes.
/// A name has up to 249 characters and a file name 255 (POSIX NAME_MAX on Linux): suffixes have six at most, that of an unfinished write included.
/// </summary>
/// <remarks>Not thread-safe: the <see cref="TopicCatalog"/> calls it under its lock.</remarks>
sealed class TopicStore(string dataDirectory, IFileSystem files)
{
    const string Suffix = ".json";
    const string DeletingSuffix = ".gone";

    readonly string _directory = Path.Combine(dataDirectory, "topics");

    public string PartitionDirectory(string topic, int partition) => Path.Combine(dataDirectory, $"{topic}-{partition}");

    /// <summary>Clears away what a crash left unfinished, and returns every topic.</summary>
    public IReadOnlyList<TopicDefinition> Load()
    {
        files.CreateDirectory(_directory);
        foreach (var name in NamesWith(WholeFile.TemporarySuffix)) files.DeleteFile(FileOf(name, WholeFile.TemporarySuffix));
        return [.. NamesWith(Suffix).Select(name => FileOf(name, Suffix)).Select(path => TopicDefinition.Parse(files.ReadWhole(path), path))];
    }

    /// <summary>Topics that were being deleted when the last broker ended.</summary>
    public IReadOnlyList<string> HalfDeleted() => NamesWith(DeletingSuffix);

    /// <summary>Makes a new partition's directory, empty whatever was there: no topic file spoke of it.</summary>
    public void CreatePartition(string topic, string topicId, int partition)
    {
        var directory = PartitionDirectory(topic, partition);
        files.DeleteDirectory(directory);
        files.CreateDirectory(directory);
        files.ReplaceWhole(Path.Combine(directory, "partition.metadata"), Encoding.ASCII.GetBytes($"version: 0\ntopic_id: {topicId}"), flush: false);
    }

    /// <summary>From here on the topic exists, or has so many partitions, after a crash too.</summary>
    public void Save(TopicDefinition definition) => files.ReplaceWhole(FileOf(definition.Name, Suffix), definition.ToBytes());

    /// <summary>From here on the topic does not exist, after a crash too.</summary>
    public void BeginDeleting(string topic) => files.RenameFile(FileOf(topic, Suffix), FileOf(topic, DeletingSuffix));

    /// <summary>Deletes the directories that are left of a topic that is being deleted; does nothing where none is.</summary>
    public void DeletePartitions(string topic)
    {
        var marker = FileOf(topic, DeletingSuffix);
        if (files.ReadWhole(marker) is not { } bytes) return;
        var partitions = TopicDefinition.Parse(bytes, marker).Partitions;
        for (var i = 0; i < partitions; i++) files.DeleteDirectory(PartitionDirectory(topic, i));
    }

    /// <summary>Nothing is left to do for this topic.</summary>
    public void EndDeleting(string topic) => files.DeleteFile(FileOf(topic, DeletingSuffix));

    string[] NamesWith(string suffix) => [.. files.ListFiles(_directory)
        .Where(name => name.EndsWith(suffix, StringComparison.Ordinal))
        .Select(name => name[..^suffix.Length])];

    string FileOf(string topic, string suffix) => Path.Combine(_directory, topic + suffix);
}
