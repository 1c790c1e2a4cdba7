namespace Millrace.Cli.CommandLine;

/// <summary>Which of the two servers a command asks.</summary>
[Flags]
enum Servers
{
    None = 0,
    Kafka = 1,
    ClickHouse = 2,
    Both = Kafka | ClickHouse,
}
