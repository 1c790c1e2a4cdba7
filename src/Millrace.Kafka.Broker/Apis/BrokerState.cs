using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Groups;
using Millrace.Kafka.Broker.Producers;
using Millrace.Kafka.Broker.Topics;

namespace Millrace.Kafka.Broker.Apis;

/// <summary>What the API handlers share: the owners of all state of one broker. Each is thread-safe by its own rules.</summary>
sealed class BrokerState
{
    /// <summary>node.id of the one broker, which is also controller, leader of every partition and coordinator of every group.</summary>
    public const int NodeId = 1;

    /// <inheritdoc cref="NodeId"/>
    public const string NodeIdText = "1";

    /// <summary>The replicas of every partition.</summary>
    public static readonly int[] Replicas = [NodeId];

    public required BrokerOptions Options { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>cluster.id: made with the data directory, the same for its life.</summary>
    public required string ClusterId { get; init; }

    public required TopicCatalog Topics { get; init; }

    public required AbsentTopics AbsentTopics { get; init; }

    public required GroupCoordinator Groups { get; init; }

    public required ProducerIdAllocator ProducerIds { get; init; }
}
