using System.Net;
using System.Net.Sockets;

namespace Millrace.Streams.Types;

/// <summary><c>UUID</c> and <c>IPv4</c>, which ClickHouse reads from text exactly.</summary>
sealed record PlainType : ColumnType
{
    const string Uuid = "UUID";

    PlainType(string name) => Name = name;

    public override string Name { get; }

    public override bool Takes(string text) => Name == Uuid ? Guid.TryParseExact(text, "D", out _) : IsIPv4(text);

    internal override IEnumerable<string> EndTexts => Name == Uuid
        ? ["00000000-0000-0000-0000-000000000001", "ffffffff-ffff-ffff-ffff-ffffffffffff"]
        : ["0.0.0.1", "255.255.255.255"];

    public static PlainType? Read(TypeText type) => type is { Word: Uuid or "IPv4", Arguments: [] } ? new PlainType(type.Word) : null;

    /// <summary>Four numbers: .NET also takes fewer, and other than decimal ones.</summary>
    internal static bool IsIPv4(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;
}
