using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Millrace.ClickHouse.Kafka;

/// <summary>
/// One request of version 0 on a connection of its own, whose fields are all strings. In bytes: size (4), api key (2), version (2),
/// correlation id (4), client id (string), fields; the answer: size (4), correlation id (4), error code (2), the rest.
/// A string is its length (2) and its UTF-8. https://kafka.apache.org/protocol
/// </summary>
static class KafkaCall
{
    const int HeaderSize = 4;

    /// <summary>In bytes: a correlation id and an error code.</summary>
    const int SmallestAnswer = sizeof(int) + sizeof(short);

    /// <summary>In bytes. The answers asked for here hold a host name at most: what claims more is no broker.</summary>
    const int LargestAnswer = 64 * 1024;

    const string ClientId = "millrace";

    /// <returns>The answer from the error code on.</returns>
    /// <exception cref="IOException">The broker went away or answered nonsense.</exception>
    /// <exception cref="SocketException">No broker there.</exception>
    public static async Task<byte[]> Send((string Host, int Port) broker, short apiKey, string[] fields, CancellationToken ct)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(broker.Host, broker.Port, ct);
        var stream = socket.GetStream();
        await stream.WriteAsync(Request(apiKey, fields), ct);
        var size = new byte[HeaderSize];
        await stream.ReadExactlyAsync(size, ct);
        var length = BinaryPrimitives.ReadInt32BigEndian(size);
        if (length is < SmallestAnswer or > LargestAnswer) throw new IOException($"{broker.Host}:{broker.Port} does not answer like a broker");
        var answer = new byte[length];
        await stream.ReadExactlyAsync(answer, ct);
        return answer[sizeof(int)..];
    }

    public static string ReadString(ReadOnlySpan<byte> bytes, ref int at)
    {
        var length = BinaryPrimitives.ReadInt16BigEndian(bytes[at..]);
        var text = Encoding.UTF8.GetString(bytes.Slice(at + sizeof(short), length));
        at += sizeof(short) + length;
        return text;
    }

    static byte[] Request(short apiKey, string[] fields)
    {
        var request = new MemoryStream();
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteInt16BigEndian(header[4..], apiKey);
        request.Write(header);
        foreach (var field in fields.Prepend(ClientId)) WriteString(request, field);
        var bytes = request.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - HeaderSize);
        return bytes;
    }

    static void WriteString(MemoryStream target, string text)
    {
        Span<byte> length = stackalloc byte[sizeof(short)];
        BinaryPrimitives.WriteInt16BigEndian(length, (short)Encoding.UTF8.GetByteCount(text));
        target.Write(length);
        target.Write(Encoding.UTF8.GetBytes(text));
    }
}
