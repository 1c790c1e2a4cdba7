using System.Net;
using System.Net.Sockets;

namespace Millrace.Streams.Types;

/// <summary><c>IPv6</c>; an IPv4 address is taken for the one that stands for it in IPv6, as ClickHouse does.</summary>
sealed record IPv6Type : ColumnType
{
    public override string Name => "IPv6";

    /// <summary>.NET also takes brackets, a port and a scope.</summary>
    public override bool Takes(string text) =>
        PlainType.IsIPv4(text)
        || (IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            && text.All(one => char.IsAsciiHexDigit(one) || one is ':' or '.'));

    public static IPv6Type? Read(TypeText type) => type is { Word: "IPv6", Arguments: [] } ? new IPv6Type() : null;

    internal override IEnumerable<string> EndTexts => ["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"];

    internal override string Value(string field) => $"toIPv6OrNull({field})";

    internal override string Wanted(string text) => Value(text);
}
