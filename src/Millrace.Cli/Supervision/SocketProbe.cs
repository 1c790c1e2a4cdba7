using System.Net;
using System.Net.Sockets;
using System.Text;
using Millrace.Kafka.Protocol;

namespace Millrace.Cli.Supervision;

/// <summary>
/// Asks a server a small question, on one connection that it keeps: a server at its limit of open files or connections lets new ones wait,
/// and lives. So a connection says nothing before its first answer. Any byte that comes back is a sign of life, also one of the answer to
/// an earlier question.
/// </summary>
sealed class SocketProbe : ILivenessProbe
{
    /// <summary>In version 0, which has no body.</summary>
    static readonly byte[] ApiVersions =
        new RequestHeader(ApiKey.ApiVersions, Version: 0, CorrelationId: 0).Frame(clientId: null, flexible: false, body: _ => { });

    readonly IPEndPoint _server;
    readonly byte[] _question;

    /// <summary>Larger than either server's answer, so that one read takes it.</summary>
    readonly byte[] _answer = new byte[4096];

    Socket? _socket;
    bool _hasAnswered; // on this connection

    SocketProbe(IPEndPoint server, byte[] question) => (_server, _question) = (server, question);

    public static SocketProbe OfBroker(IPEndPoint server) => new(server, ApiVersions);

    /// <summary>ClickHouse, and the page: both answer <c>/ping</c>.</summary>
    public static SocketProbe OfHttp(IPEndPoint server) =>
        new(server, Encoding.ASCII.GetBytes($"GET /ping HTTP/1.1\r\nHost: {server}\r\n\r\n"));

    public async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            _socket ??= await ConnectAsync(cancellation);
            await _socket.SendAsync(_question, cancellation);
            if (await _socket.ReceiveAsync(_answer, cancellation) > 0) return _hasAnswered = true;
        }
        catch (OperationCanceledException) when (_socket is not null && !_hasAnswered)
        {
            // The kernel took the connection and nobody ever served it: as far as anybody can tell the server is full, and lives.
            return true;
        }
        catch (SocketException)
        {
            // Refused or broken: the next question goes by another connection.
        }
        Dispose();
        return false;
    }

    public void Dispose()
    {
        _socket?.Dispose();
        (_socket, _hasAnswered) = (null, false);
    }

    async Task<Socket> ConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(_server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(_server, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
