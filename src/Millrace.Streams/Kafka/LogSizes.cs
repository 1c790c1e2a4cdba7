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

    /// <summary>Why a size is not known that was asked for.</summary>
    public const string NotAnswered = "the broker did not tell the size (DescribeLogDirs)";

    public static bool CanAsk(StandEndpoints endpoints) =>
        !endpoints.KafkaProperties.TryGetValue("security.protocol", out var protocol)
        || string.Equals(protocol.Reveal(), "plaintext", StringComparison.OrdinalIgnoreCase);

    /// <returns>Bytes by partition and broker id; without those that no broker told.</returns>
    public static async Task<IReadOnlyDictionary<(TopicPartition Partition, int Broker), long>> ReadAsync(
        IReadOnlyCollection<BrokerMetadata> brokers, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(brokers.Select(broker => AskAsync(broker, cancellation))).ConfigureAwait(false);
        // A broker may have a partition in two directories while it moves.
        return answers.SelectMany(answer => answer).DistinctBy(size => size.Key).ToDictionary();
    }

    /// <returns>Empty where the broker gave no answer, or none that it may give.</returns>
    static async Task<IReadOnlyList<KeyValuePair<(TopicPartition Partition, int Broker), long>>> AskAsync(
        BrokerMetadata broker, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            var answer = await SendAsync(broker, limit.Token).ConfigureAwait(false);
            return
            [
                .. from directory in Read(answer).Directories
                   from topic in directory.Topics
                   from partition in topic.Partitions
                   where !partition.IsFuture
                   select KeyValuePair.Create((new TopicPartition(topic.Name, partition.Index), broker.BrokerId), partition.Size),
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

    static async Task<ReadOnlyMemory<byte>> SendAsync(BrokerMetadata broker, CancellationToken cancellation)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(broker.Host, broker.Port, cancellation).ConfigureAwait(false);
        var stream = socket.GetStream();
        var request = new RequestHeader(ApiKey.DescribeLogDirs, Version, CorrelationId: 0)
            .Frame("millrace", flexible: false, writer => new DescribeLogDirsRequest(Topics: null).Write(writer, Version));
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
