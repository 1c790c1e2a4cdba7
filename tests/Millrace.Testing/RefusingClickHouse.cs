using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Millrace.Testing;

/// <summary>
/// ClickHouse's HTTP interface as far as a refused statement is concerned: every request but a ping gets the same error. Listens until
/// disposed.
/// </summary>
public sealed class RefusingClickHouse : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly string _refusal;

    /// <param name="code">ClickHouse's error code.</param>
    /// <param name="text">Its own words.</param>
    public RefusingClickHouse(int code, string text)
    {
        _refusal = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 500 Refused\r\nX-ClickHouse-Exception-Code: {code}\r\nConnection: close\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(text)}\r\n\r\n{text}");
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Url => new($"http://{_listener.LocalEndpoint}/");

    public void Dispose() => _listener.Dispose();

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(connection.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var (isPing, length) = ((await reader.ReadLineAsync() ?? "").StartsWith("GET /ping", StringComparison.Ordinal), 0);
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
            if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(header.AsSpan(header.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
        await reader.ReadBlockAsync(new char[length]);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(isPing ? "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nOk.\n" : _refusal));
    }
}
