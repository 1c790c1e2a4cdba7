using System.Net;
using System.Net.Sockets;

namespace Millrace.HttpAccess;

/// <summary>The host of a Host header or of an origin, without its port. Immutable; equal when it is the same host.</summary>
/// <param name="Name">In lower case, without the dot that may end a full name; an address as .NET writes it.</param>
/// <param name="Address">null for a name. An IPv4 address in IPv6's notation is the IPv4 address.</param>
sealed record WebHost(string Name, IPAddress? Address)
{
    static readonly string[] Schemes = ["http://", "https://"];

    /// <param name="text"><c>host</c> or <c>host:port</c> (https://www.rfc-editor.org/rfc/rfc9110#field.host): no user, no zone of an IPv6
    /// address, no second host.</param>
    /// <returns>null for anything else.</returns>
    public static WebHost? Parse(string text)
    {
        var end = text.StartsWith('[') ? text.IndexOf(']') + 1 : text.IndexOf(':') is var colon and >= 0 ? colon : text.Length;
        if (end == 0 || !IsPort(text[end..])) return null;
        return text.StartsWith('[') ? OfIPv6(text[1..(end - 1)]) : OfName(text[..end]);
    }

    /// <summary>
    /// The host of a page, from the Origin header: <c>scheme://host[:port]</c>. null for a page without one (<c>null</c>: a file, a
    /// sandboxed frame) and for what is no web page (an extension).
    /// </summary>
    public static WebHost? OfOrigin(string origin) =>
        Schemes.FirstOrDefault(scheme => origin.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) is { } scheme
            ? Parse(origin[scheme.Length..])
            : null;

    static bool IsPort(string rest) => rest.Length == 0 || (rest[0] == ':' && rest.Skip(1).All(char.IsAsciiDigit));

    static WebHost? OfIPv6(string text) =>
        !text.Contains('%', StringComparison.Ordinal)
        && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? Of(address)
            : null;

    static WebHost? OfName(string text)
    {
        var name = text.EndsWith('.') ? text[..^1] : text;
        if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_')) return null;
        return IPAddress.TryParse(name, out var address) ? Of(address) : new WebHost(name.ToLowerInvariant(), null);
    }

    static WebHost Of(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return new WebHost(plain.ToString(), plain);
    }
}
