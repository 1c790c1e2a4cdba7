using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Millrace.Streams.Tests.Kafka;

/// <summary>
/// A member of a group that no client of ours can be: one that does not consume, as a worker of Kafka Connect, or that is never
/// heard of again.
/// </summary>
sealed class ForeignGroup : IDisposable
{
    readonly TcpClient _connection;

    ForeignGroup(TcpClient connection) => _connection = connection;

    /// <summary>Returns when the broker has answered, and the group is there.</summary>
    public static async Task<ForeignGroup> JoinAsync(string bootstrap, string group, string protocolType, string clientId = "connect")
    {
        var server = bootstrap.Split(':');
        var joined = new ForeignGroup(new TcpClient(server[0], int.Parse(server[1], System.Globalization.CultureInfo.InvariantCulture)));
        var stream = joined._connection.GetStream();
        await stream.WriteAsync(Frame(group, protocolType, clientId));
        await stream.ReadExactlyAsync(new byte[sizeof(int)]);
        return joined;
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>JoinGroup v2: https://kafka.apache.org/protocol#The_Messages_JoinGroup.</summary>
    static byte[] Frame(string group, string protocolType, string clientId)
    {
        byte[] header = [0, 11, 0, 2, .. Int32(1), .. Text(clientId)];
        byte[] timeouts = [.. Int32(30_000), .. Int32(30_000)];
        byte[] protocols = [.. Int32(1), .. Text("sessioned"), .. Int32(0)];
        byte[] request = [.. header, .. Text(group), .. timeouts, .. Text(""), .. Text(protocolType), .. protocols];
        return [.. Int32(request.Length), .. request];
    }

    static byte[] Text(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    static byte[] Int32(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
