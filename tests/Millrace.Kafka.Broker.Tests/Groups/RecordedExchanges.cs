using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Millrace.Kafka.Broker.Tests.Groups;

/// <summary>
/// Requests of every version of the group APIs with what Apache Kafka 4.3.1 answered to them, byte by byte: <c>API VERSION REQUEST RESPONSE</c> a
/// line, in hex, without the size in front; <c>#</c> begins a story. Recorded at port 44439 with group.initial.rebalance.delay.ms=0, one connection.
/// </summary>
static partial class RecordedExchanges
{
    const int RecordedPort = 44439;

    /// <summary>Plays all requests to a broker and says where its answers differ. Member ids and the port are the broker's own.</summary>
    public static async Task<IReadOnlyList<string>> PlayAsync(IPEndPoint broker)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(broker);
        var differences = new List<string>();
        var memberIds = new Dictionary<string, string>();
        var story = "";
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Groups", "apache-4.3.1.exchanges")))
        {
            if (line.StartsWith('#')) story = line;
            else if (await Differs(socket, line.Split(' '), memberIds, broker.Port) is { } difference) differences.Add($"{story}\n{difference}");
        }
        return differences;
    }

    static async Task<string?> Differs(Socket socket, string[] exchange, Dictionary<string, string> memberIds, int port)
    {
        var request = Replace(Text(exchange[2]), memberIds);
        var recorded = Text(exchange[3]);
        var answer = await Exchange(socket, request);
        foreach (Match id in MemberId().Matches(recorded))
            if (id.Index + id.Length <= answer.Length) memberIds.TryAdd(id.Value, answer.Substring(id.Index, id.Length));
        var expected = Replace(recorded, memberIds).Replace(Int32(RecordedPort), Int32(port), StringComparison.Ordinal);
        return expected == answer ? null : $"{exchange[0]} {exchange[1]}\nasked    {Hex(request)}\nexpected {Hex(expected)}\nanswered {Hex(answer)}";
    }

    static async Task<string> Exchange(Socket socket, string request)
    {
        var frame = new byte[sizeof(int) + request.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, request.Length);
        Encoding.Latin1.GetBytes(request, frame.AsSpan(sizeof(int)));
        await socket.SendAsync(frame);
        var size = await Receive(socket, sizeof(int));
        return Encoding.Latin1.GetString(await Receive(socket, BinaryPrimitives.ReadInt32BigEndian(size)));
    }

    static async Task<byte[]> Receive(Socket socket, int count)
    {
        using var limit = new CancellationTokenSource(Millrace.Testing.Eventually.DefaultLimit);
        var bytes = new byte[count];
        for (var received = 0; received < count;)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(received), limit.Token);
            if (more == 0) throw new IOException("the broker closed the connection");
            received += more;
        }
        return bytes;
    }

    static string Replace(string bytes, Dictionary<string, string> memberIds) =>
        MemberId().Replace(bytes, id => memberIds.GetValueOrDefault(id.Value, id.Value));

    // One character a byte.
    static string Text(string hex) => Encoding.Latin1.GetString(Convert.FromHexString(hex));

    static string Hex(string text) => Convert.ToHexString(Encoding.Latin1.GetBytes(text)).ToLower(CultureInfo.InvariantCulture);

    static string Int32(int value) => Encoding.Latin1.GetString([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    [GeneratedRegex("(client|inst)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex MemberId();
}
