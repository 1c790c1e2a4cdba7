using System.Buffers.Binary;
using System.Net.Sockets;
using Confluent.Kafka;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Asks each broker how many bytes its partitions take. librdkafka has no DescribeLogDirs (KIP-113), so it goes over a connection of its
/// own, which speaks neither TLS nor SASL: a broker that wants them is not asked. Thread-safe.
/// </summary>
static class LogSizes
{
    /// <summary>The lowest that Apache Kafka 4 serves (KIP-896); Kafka 2.0 has it too.</summary>
    const short Version = 1;

    /// <summary>In bytes: some million partitions. What claims more is no broker.</summary>
    const int LargestAnswer = 64 * 1024 * 1024;

    /// <summary>A size is only shown beside what else is known: nobody waits long for it.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Why no size is known, for brokers that are not asked.</summary>
    public const string NotAsked = "sizes are only asked for on a listener without TLS and SASL";

    /// <summary>Why no size is known of a topic that is none of the stand's.</summary>
    public const string NotWanted = "sizes are only asked for of the stand's own topics";

    /// <summary>Why a size is not known that was asked for.</summary>
    public const string NotAnswered = "the broker did not tell the size (DescribeLogDirs)";

    public static bool CanAsk(StandEndpoints endpoints) =>
        !endpoints.KafkaProperties.TryGetValue("security.protocol", out var protocol)
        || string.Equals(protocol.Reveal(), "plaintext", StringComparison.OrdinalIgnoreCase);

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
            var answer = await SendAsync(broker, request, limit.Token).ConfigureAwait(false);
            return
            [
                .. from directory in Read(answer).Directories
                   from topic in directory.Topics
                   from partition in topic.Partitions
                   where !partition.IsFuture
                   select KeyValuePair.Create(new TopicPartition(topic.Name, partition.Index), partition.Size),
            ];
        }
        catch (Exception e) when (e is IOException or SocketException or ProtocolViolationException)
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

    static async Task<ReadOnlyMemory<byte>> SendAsync(
        BrokerMetadata broker, DescribeLogDirsRequest asked, CancellationToken cancellation)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(broker.Host, broker.Port, cancellation).ConfigureAwait(false);
        var stream = socket.GetStream();
        var request = new RequestHeader(ApiKey.DescribeLogDirs, Version, CorrelationId: 0)
            .Frame("millrace", flexible: false, writer => asked.Write(writer, Version));
        await stream.WriteAsync(request, cancellation).ConfigureAwait(false);
        var size = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(size, cancellation).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadInt32BigEndian(size);
        if (length is < sizeof(int) or > LargestAnswer) throw new IOException($"{broker.Host}:{broker.Port} does not answer like a broker");
        var answer = new byte[length];
        await stream.ReadExactlyAsync(answer, cancellation).ConfigureAwait(false);
        return answer.AsMemory(sizeof(int)); // behind the correlation id
    }
}
