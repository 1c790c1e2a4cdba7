using System.Buffers.Binary;
using System.Net.Sockets;
using Millrace.Kafka.Protocol;

namespace Millrace.ClickHouse.Kafka;

/// <summary>
/// One request on a connection of its own. On the wire a size in bytes (int32) goes before the answer, as before the request, and the
/// answer begins with the correlation id (int32). https://kafka.apache.org/protocol
/// </summary>
static class KafkaCall
{
    /// <summary>In bytes. The answers asked for here hold a host name at most: what claims more is no broker.</summary>
    const int LargestAnswer = 64 * 1024;

    const string ClientId = "millrace";

    /// <param name="write">Writes what follows the header, in a version that is not flexible.</param>
    /// <returns>The answer behind the correlation id.</returns>
    /// <exception cref="IOException">The broker went away or answered nonsense.</exception>
    /// <exception cref="SocketException">No broker there.</exception>
    public static async Task<ReadOnlyMemory<byte>> SendAsync(
        (string Host, int Port) broker, RequestHeader header, Action<KafkaWriter> write, CancellationToken cancellation)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(broker.Host, broker.Port, cancellation);
        var stream = socket.GetStream();
        await stream.WriteAsync(header.Frame(ClientId, flexible: false, write), cancellation);
        var size = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(size, cancellation);
        var length = BinaryPrimitives.ReadInt32BigEndian(size);
        if (length is < sizeof(int) or > LargestAnswer)
            throw new IOException($"{broker.Host}:{broker.Port} does not answer like a broker");
        var answer = new byte[length];
        await stream.ReadExactlyAsync(answer, cancellation);
        return answer.AsMemory(sizeof(int));
    }
}
