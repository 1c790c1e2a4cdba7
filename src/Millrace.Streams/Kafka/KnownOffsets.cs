using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>What Kafka answered for each of some partitions: an offset, or why there is none. Immutable.</summary>
public sealed record KnownOffsets(IReadOnlyDictionary<TopicPartition, long> Offsets, IReadOnlyDictionary<TopicPartition, string> Errors)
{
    public static KnownOffsets None { get; } = new(new Dictionary<TopicPartition, long>(), new Dictionary<TopicPartition, string>());

    /// <returns>null where it is not known.</returns>
    public long? Of(TopicPartition partition) => Offsets.TryGetValue(partition, out var offset) ? offset : null;

    /// <returns>null where the offset is known, or nobody asked.</returns>
    public string? ErrorOf(TopicPartition partition) => Errors.GetValueOrDefault(partition);
}
