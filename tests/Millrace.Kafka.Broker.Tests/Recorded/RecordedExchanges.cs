using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Millrace.Kafka.Broker.Tests.Recorded;

/// <summary>
/// Requests of every version with what Apache Kafka 4.3.1 answered to them, byte by byte: <c>API VERSION REQUEST RESPONSE</c> a line, in
/// hex, without the size in front; <c>#</c> begins a story. <c># port N</c> is the port recorded at, <c># id HEX</c> a topic id in the next
/// answer; <c>~</c> before an exchange whose answer is another one here for a reason that its story gives: it is only played. Recorded with
/// group.initial.rebalance.delay.ms=0 and auto.create.topics.enable=false, on one connection.
/// </summary>
sealed partial class RecordedExchanges : IDisposable
{
    const string PortMark = "# port ";
    const string IdMark = "# id ";
    const string OnlyPlayedMark = "~";

    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly List<string> _differences = [];

    /// <summary>What the recorded broker chose, by what this one chose in its place: member ids, topic ids, the port.</summary>
    readonly Dictionary<string, string> _choices = [];

    readonly List<string> _idsToLearn = [];
    string _story = "";

    /// <summary>Plays all requests to a broker and says where its answers differ.</summary>
    public static async Task<IReadOnlyList<string>> PlayAsync(string file, IPEndPoint broker)
    {
        using var exchanges = new RecordedExchanges();
        await exchanges._socket.ConnectAsync(broker);
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Recorded", file))) await exchanges.PlayAsync(line, broker.Port);
        return exchanges._differences;
    }

    public void Dispose() => _socket.Dispose();

    async Task PlayAsync(string line, int port)
    {
        if (line.StartsWith(PortMark, StringComparison.Ordinal)) _choices[Int32(Number(line[PortMark.Length..]))] = Int32(port);
        else if (line.StartsWith(IdMark, StringComparison.Ordinal)) _idsToLearn.Add(Text(line[IdMark.Length..]));
        else if (line.StartsWith('#')) _story = line;
        else if (line.StartsWith(OnlyPlayedMark, StringComparison.Ordinal)) await PlayAsync(line[OnlyPlayedMark.Length..].Split(' '), compare: false);
        else await PlayAsync(line.Split(' '), compare: true);
    }

    async Task PlayAsync(string[] exchange, bool compare)
    {
        var request = WithOurChoices(Text(exchange[2]));
        var recorded = Text(exchange[3]);
        var answer = await ExchangeAsync(request);
        _idsToLearn.AddRange(MemberId().Matches(recorded).Select(id => id.Value));
        foreach (var id in _idsToLearn) Learn(id, recorded.IndexOf(id, StringComparison.Ordinal), answer);
        _idsToLearn.Clear();
        var expected = WithOurChoices(recorded);
        if (!compare || expected == answer) return;
        _differences.Add($"{_story}\n{exchange[0]} {exchange[1]}\nasked    {Hex(request)}\nexpected {Hex(expected)}\nanswered {Hex(answer)}");
    }

    /// <summary>Our choice stands where the recorded one does.</summary>
    void Learn(string recorded, int index, string answer)
    {
        if (index + recorded.Length <= answer.Length) _choices.TryAdd(recorded, answer.Substring(index, recorded.Length));
    }

    string WithOurChoices(string bytes)
    {
        foreach (var (recorded, ours) in _choices) bytes = bytes.Replace(recorded, ours, StringComparison.Ordinal);
        return bytes;
    }

    async Task<string> ExchangeAsync(string request)
    {
        var frame = new byte[sizeof(int) + request.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, request.Length);
        Encoding.Latin1.GetBytes(request, frame.AsSpan(sizeof(int)));
        await _socket.SendAsync(frame);
        var size = await ReceiveAsync(sizeof(int));
        return Encoding.Latin1.GetString(await ReceiveAsync(BinaryPrimitives.ReadInt32BigEndian(size)));
    }

    async Task<byte[]> ReceiveAsync(int count)
    {
        using var limit = new CancellationTokenSource(Millrace.Testing.Eventually.DefaultLimit);
        var bytes = new byte[count];
        for (var received = 0; received < count;)
        {
            var more = await _socket.ReceiveAsync(bytes.AsMemory(received), limit.Token);
            if (more == 0) throw new IOException($"{_story}: the broker closed the connection");
            received += more;
        }
        return bytes;
    }

    // One character a byte.
    static string Text(string hex) => Encoding.Latin1.GetString(Convert.FromHexString(hex));

    static string Hex(string text) => Convert.ToHexString(Encoding.Latin1.GetBytes(text)).ToLower(CultureInfo.InvariantCulture);

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    static string Int32(int value) => Encoding.Latin1.GetString([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    [GeneratedRegex("(client|inst)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex MemberId();
}
