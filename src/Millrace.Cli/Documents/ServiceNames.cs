namespace Millrace.Cli.Documents;

/// <summary>The services of a stand, by the names that users type.</summary>
static class ServiceNames
{
    public const string Broker = "broker";
    public const string ClickHouse = "clickhouse";
    public const string Setup = "setup";
    public const string Emitter = "emitter";

    /// <summary>In the order in which they start; the reverse is the order in which they stop.</summary>
    public static readonly IReadOnlyList<string> All = [Broker, ClickHouse, Setup, Emitter];
}
