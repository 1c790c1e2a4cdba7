using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Millrace.ClickHouse.Tests.Kafka;

/// <summary>A peer that reads one request of each connection, answers what the test says, and closes.</summary>
sealed class ScriptedBroker : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentQueue<short> _apiKeys = new();
    readonly Task _serving;

    /// <param name="answer">Gives the bytes that answer a request with this api key.</param>
    public ScriptedBroker(Func<short, byte[]> answer)
    {
        _listener.Start();
        _serving = Serve(answer);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Of the requests so far, in order.</summary>
    public IEnumerable<short> ApiKeys => _apiKeys;

    /// <summary>The bytes behind their size.</summary>
    public static byte[] Frame(byte[] answer)
    {
        byte[] frame = [0, 0, 0, 0, .. answer];
        BinaryPrimitives.WriteInt32BigEndian(frame, answer.Length);
        return frame;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await Assert.ThrowsAnyAsync<SocketException>(() => _serving);
    }

    async Task Serve(Func<short, byte[]> answer)
    {
        while (true)
        {
            using var connection = await _listener.AcceptTcpClientAsync();
            var stream = connection.GetStream();
            var size = new byte[sizeof(int)];
            await stream.ReadExactlyAsync(size);
            var request = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
            await stream.ReadExactlyAsync(request);
            var apiKey = BinaryPrimitives.ReadInt16BigEndian(request);
            _apiKeys.Enqueue(apiKey);
            await stream.WriteAsync(answer(apiKey));
        }
    }
}
