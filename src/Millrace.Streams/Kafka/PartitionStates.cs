using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>Which partitions some topics have, and which of them can't be asked. Immutable.</summary>
/// <param name="Offline">Why, in a word or two: trouble with one partition is no reason to say nothing of the others.</param>
public sealed record PartitionStates(IReadOnlyList<TopicPartition> All, IReadOnlyDictionary<TopicPartition, string> Offline)
{
    /// <summary>A partition without a leader has this one, in Metadata.</summary>
    public const int NoLeader = -1;

    public static PartitionStates None { get; } = new([], new Dictionary<TopicPartition, string>());

    public IReadOnlyList<TopicPartition> Online { get; } = [.. All.Where(partition => !Offline.ContainsKey(partition))];

    /// <summary>These, with those offline that an answer had no offset for.</summary>
    public PartitionStates Without(KnownOffsets answer) => new(All, answer.Errors);

    internal static PartitionStates Of(IEnumerable<TopicMetadata> topics)
    {
        var partitions = topics
            .SelectMany(
                topic => topic.Partitions,
                (topic, partition) => (Key: new TopicPartition(topic.Topic, partition.PartitionId), partition.Leader))
            .ToList();
        return new PartitionStates(
            [.. partitions.Select(partition => partition.Key)],
            partitions
                .Where(partition => partition.Leader == NoLeader)
                .ToDictionary(partition => partition.Key, _ => "offline: no leader"));
    }
}
