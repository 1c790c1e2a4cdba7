using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>All topics of the broker, and the owner of their partition logs.</summary>
/// <remarks>
/// Thread-safe. Looking up takes no lock; changes take one lock, held over their disk writes: topics change rarely. A topic is visible only
/// when its logs are open, so whoever sees it can write to it at once.
/// </remarks>
sealed class TopicCatalog : IDisposable
{
    /// <summary>
    /// As many as Apache Kafka makes for one request (ReplicationControlManager.MAX_PARTITIONS_PER_BATCH): each costs file handles.
    /// </summary>
    const int MaxPartitions = 10_000;

    readonly Lock _changes = new();
    readonly ConcurrentDictionary<string, Topic> _byName = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<Guid, Topic> _byId = new();
    readonly TopicStore _store;
    readonly PartitionDirectories _directories;
    readonly Descriptors _descriptors;
    readonly BrokerOptions _options;
    readonly PartitionLogOpener _openLog;
    readonly ILogger _logger;
    bool _toldOutOfDescriptors;

    /// <param name="dataDirectory">Which is there.</param>
    public TopicCatalog(string dataDirectory, IFileSystem files, BrokerOptions options, PartitionLogOpener openLog, ILogger logger)
    {
        _store = new(dataDirectory, files, logger);
        _directories = new(dataDirectory, files, logger);
        _descriptors = files.Descriptors;
        _options = options;
        _openLog = openLog;
        _logger = logger;
    }

    /// <summary>Opens a partition's log; makes an empty one in a new directory.</summary>
    public delegate PartitionLog PartitionLogOpener(string directory, LogOptions options);

    /// <summary>
    /// A topic is gone; the argument is its name. Raised under the lock, so that what is dropped with the old topic can't be a new one's of
    /// the same name. Raised again at the next start, and before a topic of that name is created, if a handler threw
    /// <see cref="IOException"/> or the process ended.
    /// </summary>
    public event Action<string>? Deleted;

    /// <summary>In order of their names.</summary>
    public IReadOnlyCollection<Topic> All => [.. _byName.Values.OrderBy(topic => topic.Name, StringComparer.Ordinal)];

    /// <summary>Whether trouble with the disk has taken a partition offline; true also after <see cref="Dispose"/>.</summary>
    public bool AnyOffline => _byName.Values.Any(topic => topic.Partitions.Any(log => log.IsOffline));

    public Topic? Find(string name) => _byName.GetValueOrDefault(name);

    public Topic? Find(Guid id) => _byId.GetValueOrDefault(id);

    /// <summary>Opens every topic that the disk holds.</summary>
    public void Load()
    {
        foreach (var definition in _store.Load())
        {
            var config = new TopicConfig(definition.Configs, _options);
            Publish(new(definition.Name, TopicId.Parse(definition.Id), OpenLogs(definition.Name, 0, definition.Partitions, config), config));
        }
    }

    /// <summary>
    /// Finishes deleting and making what the last broker could not. Called when everyone who listens to <see cref="Deleted"/> does so.
    /// </summary>
    /// <remarks>What the disk refuses now is left for later: nobody can see the topic.</remarks>
    public void FinishDeletions()
    {
        foreach (var definition in _store.HalfDeleted()) IfDiskAllows(definition.Name, () => FinishDeleting(definition));
        var deleting = _store.HalfDeleted().Select(definition => definition.Name).ToHashSet(StringComparer.Ordinal);
        try
        {
            _directories.DeleteUnfinished((topic, i) => deleting.Contains(topic) || Find(topic)?.Partition(i) is not null);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            _logger.BackgroundFailed(e, "the deletion of partitions that were never finished");
        }
    }

    /// <summary>Creates a topic. When this returns, it survives the end of the process.</summary>
    public TopicResult Create(string name, int partitions, IReadOnlyDictionary<string, string> configs, bool validateOnly = false)
    {
        lock (_changes)
        {
            if (Refusal(name, partitions, configs) is { } refusal) return refusal;
            if (validateOnly) return TopicResult.Validated;
            return Guarded(name, () =>
            {
                if (_store.HalfDeleted(name) is { } old) FinishDeleting(old);
                return Extend(new(name, Guid.NewGuid(), [], new(configs, _options)), partitions);
            });
        }
    }

    /// <summary>Adds partitions up to <paramref name="count"/>.</summary>
    public TopicResult AddPartitions(string name, int count, bool validateOnly)
    {
        lock (_changes)
        {
            if (Find(name) is not { } topic) return TopicResult.Failed(ErrorCode.UnknownTopicOrPartition, $"there is no topic '{name}'");
            if (count <= topic.Partitions.Count || count > MaxPartitions)
                return TopicResult.Failed(ErrorCode.InvalidPartitions, $"topic '{name}' has {topic.Partitions.Count} partitions and can't have {count}");
            if (NoRoomFor(name, count - topic.Partitions.Count) is { } noRoom) return noRoom;
            if (validateOnly) return TopicResult.Validated;
            return Guarded(name, () => Extend(topic, count));
        }
    }

    /// <summary>Changes settings of a topic. When this returns without an error, they count, after the end of the process too.</summary>
    public TopicResult Configure(string name, IReadOnlyList<IncrementalAlterConfigsRequest.Change> changes, bool validateOnly)
    {
        lock (_changes)
        {
            if (Find(name) is not { } topic) return TopicResult.Failed(ErrorCode.UnknownTopicOrPartition, $"there is no topic '{name}'");
            if (topic.Config.With(changes, out var overrides) is { } refusal) return TopicResult.Failed(ErrorCode.InvalidConfig, refusal);
            if (validateOnly) return TopicResult.Validated;
            return Guarded(name, () => Reconfigure(topic, new TopicConfig(overrides, _options)));
        }
    }

    Topic Reconfigure(Topic topic, TopicConfig config)
    {
        var changed = topic with { Config = config };
        _store.Save(Definition(changed, topic.Partitions.Count));
        foreach (var log in topic.Partitions) log.Configure(config.ToLogOptions());
        _logger.TopicConfigured(topic.Name);
        return Publish(changed);
    }

    /// <summary>
    /// Deletes a topic and its records. When this returns without an error, it stays deleted after the end of the process.
    /// </summary>
    public TopicResult Delete(string name)
    {
        lock (_changes)
        {
            if (Find(name) is not { } topic) return TopicResult.Failed(ErrorCode.UnknownTopicOrPartition, $"there is no topic '{name}'");
            return Guarded(name, () => Remove(topic));
        }
    }

    public void Dispose()
    {
        foreach (var log in _byName.Values.SelectMany(topic => topic.Partitions)) log.Dispose();
    }

    TopicResult? Refusal(string name, int partitions, IReadOnlyDictionary<string, string> configs)
    {
        if (TopicName.Refusal(name) is { } badName) return TopicResult.Failed(ErrorCode.InvalidTopicException, badName);
        if (Find(name) is { } existing) return new(ErrorCode.TopicAlreadyExists, $"topic '{name}' exists already", existing);
        if (partitions is < 1 or > MaxPartitions)
            return TopicResult.Failed(ErrorCode.InvalidPartitions, $"a topic has 1 to {MaxPartitions} partitions, not {partitions}");
        return TopicConfig.Refusal(configs) is { } badConfig
            ? TopicResult.Failed(ErrorCode.InvalidConfig, badConfig)
            : NoRoomFor(name, partitions);
    }

    /// <summary>
    /// The error of Apache Kafka's controller for more partitions than it takes
    /// (ReplicationControlManager.validateTotalNumberOfPartitions). One line tells of it until there is room again: a client may ask ten
    /// times a second.
    /// </summary>
    TopicResult? NoRoomFor(string topic, int partitions)
    {
        var hasRoom = _descriptors.HaveRoomForPartitions(partitions);
        if (!hasRoom && !_toldOutOfDescriptors) _logger.NoRoomForPartitions(topic, partitions, _descriptors.Advice);
        _toldOutOfDescriptors = !hasRoom;
        return hasRoom
            ? null
            : TopicResult.Failed(ErrorCode.PolicyViolation, $"there is no room for {partitions} more partitions: {_descriptors.Advice}");
    }

    void IfDiskAllows(string topic, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            _logger.TopicStorageFailed(e, topic);
        }
    }

    /// <summary>Trouble with the disk is an answer, not the end of the connection.</summary>
    TopicResult Guarded(string name, Func<Topic> change)
    {
        try
        {
            return TopicResult.Done(change());
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            _logger.TopicStorageFailed(e, name);
            return TopicResult.Failed(ErrorCode.KafkaStorageError, e.Message);
        }
    }

    /// <summary>
    /// Makes partitions up to <paramref name="count"/>, and the topic itself when it is new; publishes it when all of that is on the disk.
    /// </summary>
    Topic Extend(Topic topic, int count)
    {
        PartitionLog[] added = [];
        try
        {
            for (var i = topic.Partitions.Count; i < count; i++) _directories.Create(topic.Name, TopicId.ToText(topic.Id), i);
            added = OpenLogs(topic.Name, topic.Partitions.Count, count, topic.Config);
            if (added.Any(log => log.IsOffline)) throw new IOException($"a partition of topic '{topic.Name}' could not be made");
            _directories.Sync();
            _store.Save(Definition(topic, count));
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            foreach (var log in added) log.Abandon();
            IfDiskAllows(topic.Name, () => TakeBack(topic, count));
            throw;
        }
        _logger.TopicExtended(topic.Name, count);
        return Publish(topic with { Partitions = [.. topic.Partitions, .. added] });
    }

    /// <summary>Leaves the disk as it was before <see cref="Extend"/>. What can't be deleted now goes at the next start.</summary>
    void TakeBack(Topic topic, int count)
    {
        if (topic.Partitions.Count == 0) _store.Forget(topic.Name);
        else _store.Save(Definition(topic, topic.Partitions.Count));
        for (var i = topic.Partitions.Count; i < count; i++) _directories.Delete(topic.Name, TopicId.ToText(topic.Id), i);
    }

    static TopicDefinition Definition(Topic topic, int partitions) =>
        new(topic.Name, TopicId.ToText(topic.Id), partitions, topic.Config.Overrides);

    Topic Remove(Topic topic)
    {
        _store.BeginDeleting(topic.Name);
        _byName.TryRemove(topic.Name, out _);
        _byId.TryRemove(topic.Id, out _);
        foreach (var log in topic.Partitions) log.Abandon();
        FinishDeleting(Definition(topic, topic.Partitions.Count));
        _logger.TopicDeleted(topic.Name);
        return topic;
    }

    /// <summary>The files first: on a full disk they make the room that whoever takes notice may need.</summary>
    void FinishDeleting(TopicDefinition topic)
    {
        for (var i = 0; i < topic.Partitions; i++) _directories.Delete(topic.Name, topic.Id, i);
        _directories.Sync();
        Deleted?.Invoke(topic.Name);
        _store.EndDeleting(topic.Name);
    }

    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    PartitionLog[] OpenLogs(string topic, int from, int to, TopicConfig config)
    {
        var logs = new List<PartitionLog>(to - from);
        try
        {
            for (var i = from; i < to; i++) logs.Add(_openLog(_directories.PathOf(topic, i), config.ToLogOptions()));
            return [.. logs];
        }
        catch
        {
            foreach (var log in logs) log.Dispose();
            throw;
        }
    }

    Topic Publish(Topic topic)
    {
        _byName[topic.Name] = topic;
        _byId[topic.Id] = topic;
        return topic;
    }
}
