using System.Net;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>Who a member is to people who describe the group.</summary>
/// <param name="ClientId">client.id of the request's header.</param>
/// <param name="Host">See <see cref="HostOf"/>.</param>
readonly record struct GroupClient(string ClientId, string Host)
{
    /// <summary>The address after a slash, as Java prints an address without a name.</summary>
    public static string HostOf(EndPoint peer) => peer is IPEndPoint { Address: var address } ? $"/{address}" : "";
}
