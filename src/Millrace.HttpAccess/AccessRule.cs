using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Millrace.HttpAccess;

/// <summary>
/// Who may call an HTTP port of ours, before anybody looks at the request itself: docs/decisions/0005-http-access.md. A web page that is
/// open in a browser reaches every port of the machine. Its own origin gives it away, unless it first lets its own name point here (DNS
/// rebinding): then only Host does. A program sends what it likes, and nothing here holds it back. Immutable; any thread may ask.
/// </summary>
/// <param name="listen">The address that the port listens on.</param>
/// <param name="hasPassword">Whoever asks is asked for a password next. A page that came by a name of its own knows none, so that any name
/// will do.</param>
public sealed class AccessRule(IPAddress listen, bool hasPassword, ThisMachine machine)
{
    readonly bool _everywhere = IsWildcard(listen);

    /// <summary>
    /// A link on a page of another site may lead here: the answer is a document of its own, which that page can't read. Only where a GET
    /// changes nothing and asks nothing of a server that the link chose.
    /// </summary>
    public bool WelcomesLinks { get; init; }

    /// <summary>null: let it in.</summary>
    public AccessRefusal? Judge(HttpRequest request)
    {
        var arrivedAt = request.HttpContext.Connection.LocalIpAddress;
        // Browsers always send one. HTTP/1.0 needs none, and Kestrel answers 400 to HTTP/1.1 without it, to two, and to one that its
        // request target contradicts.
        var came = request.Headers.Host.ToString();
        var host = WebHost.Parse(came);
        if (came.Length > 0 && !hasPassword && !IsOfThisMachine(host, arrivedAt)) return AccessRefusal.OfHost(came, Accepted());
        return JudgePage(request.Headers, host, arrivedAt);
    }

    AccessRefusal? JudgePage(IHeaderDictionary headers, WebHost? host, IPAddress? arrivedAt)
    {
        if (headers.Origin.ToString() is { Length: > 0 } origin)
        {
            var page = WebHost.OfOrigin(origin);
            return IsOfThisMachine(page, arrivedAt) || (page is not null && page == host)
                ? null
                : AccessRefusal.OfPage($"Origin '{AccessRefusal.Shown(origin)}'", Accepted());
        }
        var site = headers["Sec-Fetch-Site"];
        if (WelcomesLinks && headers["Sec-Fetch-Mode"] == "navigate" && headers["Sec-Fetch-Dest"] == "document") return null;
        return IsOwnSite(site, host) ? null : AccessRefusal.OfPage($"Sec-Fetch-Site '{AccessRefusal.Shown(site.ToString())}'", Accepted());
    }

    /// <summary>
    /// The GET of an image or a link carries no Origin, only this (https://w3c.github.io/webappsec-fetch-metadata/); none is an address
    /// that was typed. A site is all of a registered domain, so that of mybox.corp.example anybody's page below corp.example is; of
    /// localhost and of an address it is that host alone.
    /// </summary>
    static bool IsOwnSite(StringValues site, WebHost? host) => site.ToString() switch
    {
        "" or "none" or "same-origin" => true,
        "same-site" => host is { Address: not null } or { Name: ThisMachine.Loopback },
        _ => false,
    };

    bool IsOfThisMachine(WebHost? host, IPAddress? arrivedAt) => host switch
    {
        null => false,
        { Address: { } address } => IsOwnAddress(address, arrivedAt),
        _ => machine.Names.Contains(host.Name, StringComparer.OrdinalIgnoreCase),
    };

    /// <summary>
    /// A browser takes 0.0.0.0 for this machine too, but not for a place that it tells about other sites with Sec-Fetch-Site: so it is no
    /// name of ours.
    /// </summary>
    bool IsOwnAddress(IPAddress address, IPAddress? arrivedAt) =>
        !IsWildcard(address)
        && (IPAddress.IsLoopback(address) || IsSame(address, listen) || IsSame(address, arrivedAt)
            || (_everywhere && machine.Addresses.Any(own => IsSame(address, own))));

    IEnumerable<string> Accepted() => machine.Names.Concat(
        (_everywhere ? machine.Addresses : [IPAddress.Loopback, listen]).Select(address => $"{Plain(address)}").Distinct());

    static bool IsSame(IPAddress address, IPAddress? other) => other is not null && Plain(address).Equals(Plain(other));

    /// <summary>Without a zone, and IPv4 as such: a socket that listens on both families says ::ffff:127.0.0.1.</summary>
    static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());

    static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
