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
            throw Refusal("CreateTopics", refused.Error, e);
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

    Exception Refusal(string request, Error error, Exception cause) => error.Code switch
    {
        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed =>
            KafkaUnavailableException.NoRight(kafka.Bootstrap, request, error.Reason, cause),
        ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion => new ServerTooOldException(
            $"Kafka at {kafka.Bootstrap} can't choose the replication factor of a topic by itself ({error.Reason}), "
                + "and 2.4 or newer, which can, is needed: update it, or create the topics by hand",
            cause),
        _ => KafkaUnavailableException.Refused(kafka.Bootstrap, request, error.Reason, cause),
    };
}
