using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Millrace.Kafka.Broker.Apis;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Network;

/// <summary>A client that says exactly what a test wants said, well-formed or not.</summary>
sealed class RawConnection : IDisposable
{
    /// <summary>How long a test waits for an answer before it fails.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Socket _socket;
    int _correlationId;

    RawConnection(AddressFamily family) => _socket = new(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public EndPoint LocalEndPoint => _socket.LocalEndPoint!;

    public static async Task<RawConnection> OpenAsync(IPEndPoint endPoint)
    {
        var connection = new RawConnection(endPoint.AddressFamily);
        await connection._socket.ConnectAsync(endPoint);
        return connection;
    }

    /// <summary>A whole request frame, size in front.</summary>
    public static byte[] Frame(ApiKey apiKey, short version, int correlationId, Action<KafkaWriter> writeBody)
    {
        using var writer = new KafkaWriter();
        writer.ReserveInt32();
        writer.WriteInt16((short)apiKey);
        writer.WriteInt16(version);
        writer.WriteInt32(correlationId);
        writer.WriteString("test", flexible: false);
        writer.WriteNoTaggedFields(IsFlexible(apiKey, version));
        writeBody(writer);
        writer.PatchInt32(0, writer.Length - 4);
        return writer.Written.ToArray();
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes)..];
    }

    /// <summary>Sends a request, and does not wait for its answer.</summary>
    /// <returns>Its correlation id.</returns>
    public async Task<int> SendAsync(ApiKey apiKey, short version, Action<KafkaWriter> writeBody)
    {
        await SendAsync(Frame(apiKey, version, ++_correlationId, writeBody));
        return _correlationId;
    }

    /// <summary>Sends a request and returns the body of its answer.</summary>
    public async Task<ReadOnlyMemory<byte>> AskAsync(ApiKey apiKey, short version, Action<KafkaWriter> writeBody)
    {
        var correlationId = await SendAsync(apiKey, version, writeBody);
        var (answered, body) = await ReceiveAsync(IsFlexible(apiKey, version) && apiKey != ApiKey.ApiVersions);
        Assert.Equal(correlationId, answered);
        return body;
    }

    /// <summary>The next answer.</summary>
    public async Task<(int CorrelationId, ReadOnlyMemory<byte> Body)> ReceiveAsync(bool flexibleHeader)
    {
        var size = BinaryPrimitives.ReadInt32BigEndian(await ReceiveExactlyAsync(4));
        var frame = await ReceiveExactlyAsync(size);
        return (BinaryPrimitives.ReadInt32BigEndian(frame), frame.AsMemory(flexibleHeader ? 5 : 4));
    }

    /// <summary>Whether the broker closes the connection without another byte.</summary>
    public async Task<bool> IsClosedByPeerAsync()
    {
        try
        {
            return await _socket.ReceiveAsync(new byte[1]).WaitAsync(Patience) == 0;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    /// <summary>No more comes from this side; the broker sees the end of the stream.</summary>
    public void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();

    static bool IsFlexible(ApiKey apiKey, short version) => ApiTable.Find(apiKey) is { } api && version >= api.FirstFlexible;

    async Task<byte[]> ReceiveExactlyAsync(int count)
    {
        var bytes = new byte[count];
        for (var filled = 0; filled < count;)
        {
            var received = await _socket.ReceiveAsync(bytes.AsMemory(filled)).AsTask().WaitAsync(Patience);
            Assert.True(received > 0, "the broker closed the connection");
            filled += received;
        }
        return bytes;
    }
}
