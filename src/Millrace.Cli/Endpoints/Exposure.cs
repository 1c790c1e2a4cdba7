using System.Net;
using System.Net.Sockets;
using Millrace.Cli.Basics;
using Millrace.HttpAccess;

namespace Millrace.Cli.Endpoints;

/// <summary>
/// What <c>--listen</c> opens beyond this machine: when that is refused, how it is told, and the addresses by which it is reached.
/// </summary>
static class Exposure
{
    /// <param name="hasPassword">ClickHouse asks for one.</param>
    /// <param name="insecure">The user said that it may be open.</param>
    /// <exception cref="CliException">ClickHouse would be open to the network without a password.</exception>
    public static void RequirePassword(IPAddress listen, bool hasPassword, bool insecure)
    {
        if (IPAddress.IsLoopback(listen) || hasPassword || insecure) return;
        throw new CliException(ExitCodes.Usage,
            $"--listen {listen} opens ClickHouse to the network without a password: set {ClickHousePassword.DefaultVariable}, "
            + "or add --insecure where everybody who reaches this machine may read and change its tables.");
    }

    /// <summary>One sentence about what is open; null when nothing is.</summary>
    /// <param name="open">A clause for each of our own servers.</param>
    public static string? Sentence(IPAddress listen, IEnumerable<string> open) =>
        !IPAddress.IsLoopback(listen) && string.Join("; ", open) is { Length: > 0 } clauses ? $"Open to the network: {clauses}." : null;

    /// <summary>
    /// <c>host:port</c> as others reach it. Of a server that listens on all addresses: those of the machine, with a comma between them.
    /// </summary>
    public static string Addresses(IPAddress listen, int port) => string.Join(", ", EndPoints(listen, port));

    public static IEnumerable<IPEndPoint> EndPoints(IPAddress listen, int port)
    {
        IReadOnlyList<IPAddress> network = IsWildcard(listen)
            ? [.. ThisMachine.NetworkAddresses().Where(address => address.AddressFamily == listen.AddressFamily)]
            : [listen];
        return (network.Count > 0 ? network : [LoopbackLike(listen)]).Select(address => new IPEndPoint(address, port));
    }

    /// <summary>How this machine itself reaches it: an address that means "all of them" can be listened on, not connected to.</summary>
    public static IPAddress FromHere(IPAddress listen) => IsWildcard(listen) ? LoopbackLike(listen) : listen;

    static IPAddress LoopbackLike(IPAddress listen) =>
        listen.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;

    static bool IsWildcard(IPAddress listen) => listen.Equals(IPAddress.Any) || listen.Equals(IPAddress.IPv6Any);
}
