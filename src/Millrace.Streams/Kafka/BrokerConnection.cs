using System.Buffers.Binary;
using System.Net.Sockets;
using Confluent.Kafka;
using Millrace.Kafka.Protocol;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Asks one broker what librdkafka has no question for, or asks only in a way that one broker's silence spoils. Speaks neither TLS nor
/// SASL: a broker that wants them is not asked. One question at a time, not thread-safe.
/// </summary>
sealed class BrokerConnection : IDisposable
{
    /// <summary>In bytes: some million partitions. What claims more is no broker.</summary>
    const int LargestAnswer = 64 * 1024 * 1024;

    readonly string _name;
    readonly TcpClient _socket = new() { NoDelay = true };

    BrokerConnection(BrokerMetadata broker) => _name = $"{broker.Host}:{broker.Port}";

    public static bool CanAsk(StandEndpoints endpoints) =>
        !endpoints.KafkaProperties.TryGetValue("security.protocol", out var protocol)
        || string.Equals(protocol.Reveal(), "plaintext", StringComparison.OrdinalIgnoreCase);

    /// <returns>false for a failure that is none of a broker that is away, or is none.</returns>
    public static bool IsTrouble(Exception failure) => failure is IOException or SocketException or ProtocolViolationException;

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<BrokerConnection> OpenAsync(BrokerMetadata broker, CancellationToken cancellation)
    {
        var connection = new BrokerConnection(broker);
        try
        {
            await connection._socket.ConnectAsync(broker.Host, broker.Port, cancellation).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <param name="version">Not a flexible one of this API.</param>
    /// <param name="body">Writes what follows the header.</param>
    /// <returns>What follows the header of the answer.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<ReadOnlyMemory<byte>> AskAsync(ApiKey api, short version, Action<KafkaWriter> body, CancellationToken cancellation)
    {
        var stream = _socket.GetStream();
        var request = new RequestHeader(api, version, CorrelationId: 0).Frame("millrace", flexible: false, body);
        await stream.WriteAsync(request, cancellation).ConfigureAwait(false);
        var size = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(size, cancellation).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadInt32BigEndian(size);
        if (length is < sizeof(int) or > LargestAnswer) throw new IOException($"{_name} does not answer like a broker");
        var answer = new byte[length];
        await stream.ReadExactlyAsync(answer, cancellation).ConfigureAwait(false);
        return answer.AsMemory(sizeof(int)); // behind the correlation id
    }

    public void Dispose() => _socket.Dispose();
}
