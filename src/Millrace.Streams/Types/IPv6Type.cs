namespace Millrace.Streams.Types;

/// <summary><c>IPv6</c>; an IPv4 address is taken for the one that stands for it in IPv6, as ClickHouse does.</summary>
sealed record IPv6Type : ColumnType
{
    public override string Name => "IPv6";

    public static IPv6Type? Read(TypeText type) => type is { Word: "IPv6", Arguments: [] } ? new IPv6Type() : null;

    internal override string Value(string field) => $"toIPv6OrNull({field})";

    internal override string Wanted(string text) => Value(text);
}
