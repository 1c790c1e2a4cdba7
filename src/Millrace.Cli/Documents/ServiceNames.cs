namespace Millrace.Cli.Documents;

/// <summary>The services that others than their own code speak of, by the names that users type.</summary>
static class ServiceNames
{
    public const string Broker = "broker";
    public const string ClickHouse = "clickhouse";
    public const string Setup = "setup";
    public const string Emitter = "emitter";
    public const string Page = "page";

    /// <summary>In the order in which they start.</summary>
    public static IReadOnlyList<string> All { get; } = [Broker, ClickHouse, Setup, Emitter, Page];
}
