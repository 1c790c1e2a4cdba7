using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>
/// Which topics there are: <c>topics/NAME.json</c> for each. Their records lie in <see cref="PartitionDirectories"/>.
/// A topic exists exactly as long as its file: the file comes last when a topic is made, and is renamed to <c>NAME.gone</c> first when it
/// goes. A name has up to 249 characters and a file name 255 (POSIX NAME_MAX on Linux): suffixes have six at most, that of an unfinished
/// write included.
/// </summary>
/// <remarks>Not thread-safe: the <see cref="TopicCatalog"/> calls it under its lock.</remarks>
sealed class TopicStore(string dataDirectory, IFileSystem files, ILogger logger)
{
    const string Suffix = ".json";
    const string DeletingSuffix = ".gone";

    readonly string _directory = Path.Combine(dataDirectory, "topics");

    /// <summary>Clears away writes that a crash left unfinished, and returns every topic.</summary>
    /// <exception cref="InvalidDataException">A file is no topic definition: without it its records would be nobody's, so the broker does
    /// not start.</exception>
    /// <exception cref="LaterFormatException">A later version wrote one of them.</exception>
    public IReadOnlyList<TopicDefinition> Load()
    {
        files.CreateDirectory(_directory);
        foreach (var name in NamesWith(Suffix + WholeFile.TemporarySuffix))
            files.DeleteFile(FileOf(name, Suffix + WholeFile.TemporarySuffix));
        foreach (var name in NamesWith(DeletingSuffix)) DemandKnownVersion(name);
        return [.. NamesWith(Suffix).Select(name => Read(name, Suffix))];
    }

    /// <summary>Of a topic that is being deleted. What can't be read is another matter: <see cref="HalfDeleted()"/>.</summary>
    void DemandKnownVersion(string deleting)
    {
        try
        {
            Read(deleting, DeletingSuffix);
        }
        catch (InvalidDataException)
        {
            // Of no version.
        }
    }

    /// <summary>
    /// Topics that were being deleted when the last broker ended. Files that say so and can't be read, or speak of a topic that is there,
    /// tell nothing: the first are set aside, the others go.
    /// </summary>
    /// <exception cref="LaterFormatException">A later version was deleting a topic.</exception>
    public IReadOnlyList<TopicDefinition> HalfDeleted()
    {
        var alive = NamesWith(Suffix).ToHashSet(StringComparer.Ordinal);
        foreach (var name in NamesWith(DeletingSuffix).Where(alive.Contains)) EndDeleting(name);
        return [.. NamesWith(DeletingSuffix).Select(TryReadHalfDeleted).OfType<TopicDefinition>()];
    }

    /// <summary>Null where no topic of this name is being deleted.</summary>
    public TopicDefinition? HalfDeleted(string name) => files.FileExists(FileOf(name, DeletingSuffix)) ? TryReadHalfDeleted(name) : null;

    /// <summary>From here on the topic exists, or has so many partitions, after a loss of power too.</summary>
    public void Save(TopicDefinition definition) => files.ReplaceWhole(FileOf(definition.Name, Suffix), definition.ToBytes());

    /// <summary>Takes back a <see cref="Save"/> of a new topic.</summary>
    public void Forget(string topic) => files.DeleteFile(FileOf(topic, Suffix));

    /// <summary>From here on the topic does not exist, after a loss of power too.</summary>
    public void BeginDeleting(string topic)
    {
        files.RenameFile(FileOf(topic, Suffix), FileOf(topic, DeletingSuffix));
        files.SyncDirectory(_directory);
    }

    /// <summary>Nothing is left to do for this topic.</summary>
    public void EndDeleting(string topic)
    {
        files.DeleteFile(FileOf(topic, DeletingSuffix));
        files.SyncDirectory(_directory);
    }

    TopicDefinition? TryReadHalfDeleted(string name)
    {
        try
        {
            return Read(name, DeletingSuffix);
        }
        catch (InvalidDataException e)
        {
            logger.FileSetAside(e.Message, files.MoveFileAside(FileOf(name, DeletingSuffix)));
            return null;
        }
    }

    TopicDefinition Read(string name, string suffix)
    {
        var path = FileOf(name, suffix);
        var definition = TopicDefinition.Parse(files.ReadWhole(path), path);
        return definition.Name == name
            ? definition
            : throw new InvalidDataException($"{path} is no topic definition: it speaks of topic '{definition.Name}'");
    }

    /// <summary>Of topics: a file of any other name is not ours.</summary>
    string[] NamesWith(string suffix) => [.. files.ListFiles(_directory)
        .Where(name => name.EndsWith(suffix, StringComparison.Ordinal))
        .Select(name => name[..^suffix.Length])
        .Where(name => TopicName.Refusal(name) is null)];

    string FileOf(string topic, string suffix) => Path.Combine(_directory, topic + suffix);
}
