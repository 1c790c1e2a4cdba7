namespace Millrace.Cli.Documents;

/// <summary>The services that others than their own code speak of, by the names that users type.</summary>
static class ServiceNames
{
    public const string Broker = "broker";
    public const string ClickHouse = "clickhouse";
    public const string Setup = "setup";
    public const string Emitter = "emitter";
}
