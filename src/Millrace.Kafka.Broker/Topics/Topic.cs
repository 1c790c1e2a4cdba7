using Millrace.Kafka.Broker.Log;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>
/// One topic as it is at one moment. Immutable: a topic that gains partitions is a new object with the same logs and more.
/// </summary>
/// <remarks>The logs belong to the <see cref="TopicCatalog"/>.</remarks>
sealed record Topic(string Name, Guid Id, IReadOnlyList<PartitionLog> Partitions, TopicConfig Config)
{
    /// <summary>null when there is no such partition.</summary>
    public PartitionLog? Partition(int index) => index >= 0 && index < Partitions.Count ? Partitions[index] : null;
}
