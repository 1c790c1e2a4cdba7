using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Setup;

/// <summary>Makes the topics exist with at least the partitions that the streams define. Safe from any thread.</summary>
sealed class TopicSetup(KafkaQuestions kafka, TimeProvider time)
{
    static readonly TimeSpan MetadataLimit = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>"As many as the broker is configured for": KIP-464, of Kafka 2.4.</summary>
    const short DefaultReplication = -1;

    /// <summary>Partitions of each topic as it is now; topics that do not exist are not in it. Returns as soon as Kafka answers.</summary>
    /// <exception cref="KafkaUnavailableException">Not within <paramref name="limit"/>.</exception>
    public async Task<IReadOnlyDictionary<string, int>> WaitForPartitionsAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                var metadata = await Task.Run(() => kafka.Client.GetMetadata(MetadataLimit), cancellation).ConfigureAwait(false);
                return metadata.Topics
                    .Where(topic => topic.Error.Code == ErrorCode.NoError)
                    .ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count);
            }
            catch (KafkaException e) when (e.Error.IsLocalError)
            {
                if (kafka.Trouble.IsLasting || time.GetElapsedTime(started) > limit)
                    throw kafka.Trouble.ToException(kafka.Bootstrap, limit, e);
            }
            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <returns>
    /// The topics it made;
    /// another setup, or a producer through the broker's auto-creation, may have been first with the others.
    /// </returns>
    public async Task<IReadOnlyList<string>> CreateMissingAsync(StreamCatalog catalog, IReadOnlyDictionary<string, int> partitions)
    {
        var missing = catalog.Streams
            .Where(stream => !partitions.ContainsKey(stream.Topic))
            .Select(stream => new TopicSpecification
            {
                Name = stream.Topic,
                NumPartitions = stream.Partitions,
                ReplicationFactor = DefaultReplication,
                Configs = new Dictionary<string, string>(stream.TopicConfig),
            })
            .ToList();
        if (missing.Count == 0) return [];
        try
        {
            await kafka.Client.CreateTopicsAsync(missing).ConfigureAwait(false);
        }
        catch (CreateTopicsException e)
            when (e.Results.All(result => result.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
        {
            return [.. e.Results.Where(result => result.Error.Code == ErrorCode.NoError).Select(result => result.Topic)];
        }
        catch (CreateTopicsException e)
        {
            var refused = e.Results.First(result => result.Error.Code is not (ErrorCode.NoError or ErrorCode.TopicAlreadyExists));
            throw refused.Error.Code == ErrorCode.InvalidConfig
                ? WrongConfig(catalog, refused.Topic, refused.Error.Reason)
                : Refusal("CreateTopics", refused.Error, e);
        }
        catch (KafkaException e)
        {
            throw Refusal("CreateTopics", e.Error, e);
        }
        return [.. missing.Select(topic => topic.Name)];
    }

    /// <summary>
    /// Partitions can't be taken away again and move keys to others: so a topic gets more only where its definition asks for them.
    /// </summary>
    /// <returns>The topics it gave more partitions; another setup may have been first with the others.</returns>
    public async Task<IReadOnlyList<string>> RaisePartitionsAsync(StreamCatalog catalog, IReadOnlyDictionary<string, int> partitions)
    {
        var tooFew = catalog.Streams.Where(stream => stream.RaisesPartitions)
            .Where(stream => partitions.TryGetValue(stream.Topic, out var count) && count < stream.Partitions)
            .Select(stream => new PartitionsSpecification { Topic = stream.Topic, IncreaseTo = stream.Partitions }).ToList();
        if (tooFew.Count == 0) return [];
        try
        {
            await kafka.Client.CreatePartitionsAsync(tooFew).ConfigureAwait(false);
        }
        catch (CreatePartitionsException e)
            when (e.Results.All(result => result.Error.Code is ErrorCode.NoError or ErrorCode.InvalidPartitions))
        {
            // INVALID_PARTITIONS says that the topic has as many or more
            // (createPartitions in Apache Kafka's ReplicationControlManager.java).
            return [.. e.Results.Where(result => result.Error.Code == ErrorCode.NoError).Select(result => result.Topic)];
        }
        catch (KafkaException e)
        {
            var error = e is CreatePartitionsException { Results: var results }
                ? results.First(result => result.Error.IsError).Error
                : e.Error;
            throw Refusal("CreatePartitions", error, e);
        }
        return [.. tooFew.Select(topic => topic.Topic)];
    }

    /// <summary>Of the topics that were there before: those that this setup made have theirs.</summary>
    /// <returns>The topics whose configs it changed.</returns>
    public async Task<IReadOnlyList<string>> ConfigureAsync(StreamCatalog catalog, IReadOnlyDictionary<string, int> partitions)
    {
        var stated = catalog.Streams.Where(stream => stream.TopicConfig.Count > 0 && partitions.ContainsKey(stream.Topic)).ToList();
        var settings = await kafka.AskConfigsAsync([.. stated.Select(stream => stream.Topic)]).ConfigureAwait(false);
        var edits = stated.ToDictionary(
            stream => new ConfigResource { Type = ResourceType.Topic, Name = stream.Topic },
            stream => TopicConfigEdit.Of(stream, settings[stream.Topic]).Select(edit => new ConfigEntry
            {
                Name = edit.Name,
                Value = edit.To,
                IncrementalOperation = AlterConfigOpType.Set,
            }).ToList());
        foreach (var same in edits.Where(edit => edit.Value.Count == 0).Select(edit => edit.Key).ToList()) edits.Remove(same);
        if (edits.Count == 0) return [];
        try
        {
            await kafka.Client.IncrementalAlterConfigsAsync(edits).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            var refused = (e as IncrementalAlterConfigsException)?.Results.First(result => result.Error.IsError);
            throw refused is { Error.Code: ErrorCode.InvalidConfig }
                ? WrongConfig(catalog, refused.ConfigResource.Name, refused.Error.Reason)
                : Refusal("IncrementalAlterConfigs", refused?.Error ?? e.Error, e);
        }
        return [.. edits.Keys.Select(topic => topic.Name)];
    }

    static StreamDefinitionException WrongConfig(StreamCatalog catalog, string topic, string reason)
    {
        var stream = catalog.Streams.First(stream => stream.Topic == topic);
        return stream.Places.Wrong(stream.File, "topic_config", $"Kafka does not take it: {reason}");
    }

    Exception Refusal(string request, Error error, Exception cause) => error.Code switch
    {
        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed =>
            KafkaUnavailableException.NoRight(kafka.Bootstrap, request, error.Reason, cause),
        ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion
            when request == "IncrementalAlterConfigs" => new ServerTooOldException(
            $"Kafka at {kafka.Bootstrap} can't change one config of a topic and leave the others ({error.Reason}), "
                + "and 2.3 or newer, which can, is needed: update it, or take topic_config: out and set them by hand",
            cause),
        ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion => new ServerTooOldException(
            $"Kafka at {kafka.Bootstrap} can't choose the replication factor of a topic by itself ({error.Reason}), "
                + "and 2.4 or newer, which can, is needed: update it, or create the topics by hand",
            cause),
        _ => KafkaUnavailableException.Refused(kafka.Bootstrap, request, error.Reason, cause),
    };
}
