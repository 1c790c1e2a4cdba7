using Confluent.Kafka;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Asks each broker how many bytes its partitions take. librdkafka has no DescribeLogDirs (KIP-113), so it goes over a connection of its
/// own (<see cref="BrokerConnection"/>). Thread-safe.
/// </summary>
static class LogSizes
{
    /// <summary>The lowest that Apache Kafka 4 serves (KIP-896); Kafka 2.0 has it too.</summary>
    const short Version = 1;

    /// <summary>A size is only shown beside what else is known: nobody waits long for it.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Why no size is known, for brokers that are not asked.</summary>
    public const string NotAsked = "sizes are only asked for on a listener without TLS and SASL";

    /// <summary>Why no size is known of a topic that is none of the stand's.</summary>
    public const string NotWanted = "sizes are only asked for of the stand's own topics";

    /// <summary>Why a size is not known that was asked for.</summary>
    public const string NotAnswered = "the broker did not tell the size (DescribeLogDirs)";

    /// <param name="topics">Of these alone: a broker of others may have thousands. Each is asked for the partitions that it leads.</param>
    /// <returns>Bytes of the leader's log; without those that no broker told.</returns>
    public static async Task<IReadOnlyDictionary<TopicPartition, long>> ReadAsync(
        IReadOnlyCollection<BrokerMetadata> brokers, IEnumerable<TopicMetadata> topics, CancellationToken cancellation)
    {
        var led = topics
            .SelectMany(topic => topic.Partitions, (topic, partition) => (topic.Topic, partition.PartitionId, partition.Leader))
            .ToLookup(partition => partition.Leader, partition => (partition.Topic, partition.PartitionId));
        var answers = await Task.WhenAll(brokers.Where(broker => led.Contains(broker.BrokerId)).Select(broker =>
        {
            var asked = led[broker.BrokerId].GroupBy(partition => partition.Topic, partition => partition.PartitionId)
                .Select(topic => new DescribeLogDirsRequest.Topic(topic.Key, [.. topic]));
            return AskAsync(broker, new DescribeLogDirsRequest([.. asked]), cancellation);
        })).ConfigureAwait(false);
        // A broker may have a partition in two directories while it moves.
        return answers.SelectMany(answer => answer).DistinctBy(size => size.Key).ToDictionary();
    }

    /// <returns>Empty where the broker gave no answer, or none that it may give.</returns>
    static async Task<IReadOnlyList<KeyValuePair<TopicPartition, long>>> AskAsync(
        BrokerMetadata broker, DescribeLogDirsRequest request, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            using var connection = await BrokerConnection.OpenAsync(broker, limit.Token).ConfigureAwait(false);
            var answer = await connection
                .AskAsync(ApiKey.DescribeLogDirs, Version, writer => request.Write(writer, Version), limit.Token).ConfigureAwait(false);
            return
            [
                .. from directory in Read(answer).Directories
                   from topic in directory.Topics
                   from partition in topic.Partitions
                   where !partition.IsFuture
                   select KeyValuePair.Create(new TopicPartition(topic.Name, partition.Index), partition.Size),
            ];
        }
        catch (Exception e) when (BrokerConnection.IsTrouble(e))
        {
            return [];
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return [];
        }
    }

    static DescribeLogDirsResponse Read(ReadOnlyMemory<byte> answer)
    {
        var reader = new KafkaReader(answer);
        return DescribeLogDirsResponse.Read(ref reader, Version);
    }
}
