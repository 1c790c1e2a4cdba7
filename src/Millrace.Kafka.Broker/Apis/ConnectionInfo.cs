using System.Net;

namespace Millrace.Kafka.Broker.Apis;

/// <summary>What a request's handler may know about its connection.</summary>
/// <param name="Advertised">
/// Host and port by which answers name this broker to this client: advertised.listeners, else the address the client came in by.
/// </param>
/// <param name="Aborted">Cancelled when the connection ends or the broker stops: whatever waits must stop waiting.</param>
sealed record ConnectionInfo(EndPoint Peer, DnsEndPoint Advertised, CancellationToken Aborted)
{
    volatile string _clientId = "";

    /// <summary>client.id of the last request; empty before the first.</summary>
    public string ClientId { get => _clientId; set => _clientId = value; }
}
