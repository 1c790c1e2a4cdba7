using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Millrace.HttpAccess;

/// <summary>The names and addresses of the machine, as they were when it was looked at. Safe from any thread.</summary>
public sealed class ThisMachine
{
    internal const string Loopback = "localhost";

    /// <summary>What containers call the machine that they run on: Docker's name and Podman's.</summary>
    static readonly string[] NamesInContainers = ["host.docker.internal", "host.containers.internal"];

    readonly IReadOnlyList<string> _names;
    readonly Task<string?> _fullName;

    /// <param name="hostName">As gethostname(2) says it, with or without a domain.</param>
    /// <param name="fullName">The name with its domain, as soon as it is known; null when there is none.</param>
    internal ThisMachine(string hostName, Task<string?> fullName, IReadOnlyList<IPAddress> addresses)
    {
        var own = new[] { Loopback, hostName, hostName.Split('.')[0] }.Where(name => name.Length > 0);
        _names = [.. own.Distinct(StringComparer.OrdinalIgnoreCase), .. NamesInContainers];
        _fullName = fullName;
        Addresses = addresses;
    }

    /// <summary>The full name may join later: a resolver without a network takes its time, and nobody waits for it.</summary>
    public IReadOnlyList<string> Names =>
        _fullName is { IsCompletedSuccessfully: true, Result: { Length: > 0 } full }
        && !_names.Contains(full, StringComparer.OrdinalIgnoreCase)
            ? [.. _names, full]
            : _names;

    /// <summary>Of every interface that is up, loopback too.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; }

    /// <summary>
    /// By which others reach it: those of interfaces that have a gateway, or of all where none has. Empty when there is nothing but
    /// loopback.
    /// </summary>
    public static IReadOnlyList<IPAddress> NetworkAddresses()
    {
        var interfaces = InterfacesUp().Where(one => one.NetworkInterfaceType != NetworkInterfaceType.Loopback).ToList();
        var routed = interfaces.Where(one => one.GetIPProperties().GatewayAddresses.Count > 0).ToList();
        return [.. AddressesOf(routed.Count > 0 ? routed : interfaces).Where(address => !address.IsIPv6LinkLocal)];
    }

    /// <summary>Asks the system, and the resolver for the full name, which goes on in the background.</summary>
    public static ThisMachine Look()
    {
        var hostName = Dns.GetHostName();
        return new ThisMachine(hostName, FullNameOfAsync(hostName), AddressesOf(InterfacesUp()));
    }

    static async Task<string?> FullNameOfAsync(string hostName)
    {
        try { return (await Dns.GetHostEntryAsync(hostName).ConfigureAwait(false)).HostName.TrimEnd('.'); }
        catch (SocketException) { return null; }
    }

    static IEnumerable<NetworkInterface> InterfacesUp()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .Where(one => one.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown);
        }
        catch (NetworkInformationException)
        {
            // Where the system does not let us look: what a connection came in by still tells its address.
            return [];
        }
    }

    static IReadOnlyList<IPAddress> AddressesOf(IEnumerable<NetworkInterface> interfaces) =>
        [.. interfaces.SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address).Distinct()];
}
