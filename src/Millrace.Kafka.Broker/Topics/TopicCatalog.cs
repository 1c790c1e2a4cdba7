using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>All topics of the broker, and the owner of their partition logs.</summary>
/// <remarks>
/// Thread-safe. Looking up takes no lock; changes take one lock, held over their disk writes: topics change rarely. A topic is visible only when its
/// logs are open, so whoever sees it can write to it at once.
/// </remarks>
sealed class TopicCatalog : IDisposable
{
    /// <summary>As many as Apache Kafka makes for one request (ReplicationControlManager.MAX_PARTITIONS_PER_BATCH): each costs file handles.</summary>
    const int MaxPartitions = 10_000;

    readonly Lock _changes = new();
    readonly ConcurrentDictionary<string, Topic> _byName = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<Guid, Topic> _byId = new();
    readonly TopicStore _store;
    readonly BrokerOptions _options;
    readonly PartitionLogOpener _openLog;
    readonly ILogger _logger;

    public TopicCatalog(TopicStore store, BrokerOptions options, PartitionLogOpener openLog, ILogger logger)
    {
        _store = store;
        _options = options;
        _openLog = openLog;
        _logger = logger;
    }

    /// <summary>Opens a partition's log; makes an empty one in a new directory.</summary>
    public delegate PartitionLog PartitionLogOpener(string directory, LogOptions options);

    /// <summary>
    /// A topic is gone; the argument is its name. Raised under the lock, so that what is dropped with the old topic can't be a new one's of the same
    /// name. Raised again at the next start, and before a topic of that name is created, if a handler threw <see cref="IOException"/> or the process ended.
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

    /// <summary>Finishes deleting what the last broker could not. Called when everyone who listens to <see cref="Deleted"/> does so.</summary>
    /// <remarks>What the disk refuses now is left for later: nobody can see the topic.</remarks>
    public void FinishDeletions()
    {
        foreach (var name in _store.HalfDeleted())
        {
            try
            {
                FinishDeleting(name);
            }
            catch (Exception e) when (DiskFailure.Is(e))
            {
                _logger.TopicStorageFailed(e, name);
            }
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
                FinishDeleting(name);
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
            if (validateOnly) return TopicResult.Validated;
            return Guarded(name, () => Extend(topic, count));
        }
    }

    /// <summary>Deletes a topic and its records. When this returns without an error, it stays deleted after the end of the process.</summary>
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
        return TopicConfig.Refusal(configs) is { } badConfig ? TopicResult.Failed(ErrorCode.InvalidConfig, badConfig) : null;
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

    /// <summary>Makes partitions up to <paramref name="count"/>, and the topic itself when it is new; publishes it when all of that is on the disk.</summary>
    Topic Extend(Topic topic, int count)
    {
        for (var i = topic.Partitions.Count; i < count; i++) _store.CreatePartition(topic.Name, TopicId.ToText(topic.Id), i);
        var added = OpenLogs(topic.Name, topic.Partitions.Count, count, topic.Config);
        try
        {
            if (added.Any(log => log.IsOffline)) throw new IOException($"a partition of topic '{topic.Name}' could not be made");
            _store.Save(new(topic.Name, TopicId.ToText(topic.Id), count, topic.Config.Overrides));
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            foreach (var log in added) log.Dispose();
            throw;
        }
        _logger.TopicExtended(topic.Name, count);
        return Publish(topic with { Partitions = [.. topic.Partitions, .. added] });
    }

    Topic Remove(Topic topic)
    {
        _store.BeginDeleting(topic.Name);
        _byName.TryRemove(topic.Name, out _);
        _byId.TryRemove(topic.Id, out _);
        foreach (var log in topic.Partitions) log.Abandon();
        FinishDeleting(topic.Name);
        _logger.TopicDeleted(topic.Name);
        return topic;
    }

    /// <summary>The files first: on a full disk they make the room that whoever takes notice may need.</summary>
    void FinishDeleting(string name)
    {
        _store.DeletePartitions(name);
        Deleted?.Invoke(name);
        _store.EndDeleting(name);
    }

    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    PartitionLog[] OpenLogs(string topic, int from, int to, TopicConfig config) =>
        [.. Enumerable.Range(from, to - from).Select(i => _openLog(_store.PartitionDirectory(topic, i), config.ToLogOptions()))];

    Topic Publish(Topic topic)
    {
        _byName[topic.Name] = topic;
        _byId[topic.Id] = topic;
        return topic;
    }
}
