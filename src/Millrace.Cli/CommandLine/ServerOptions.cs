using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Supervision;
using Millrace.Kafka.Broker;
using Millrace.Kafka.Broker.Basics;

namespace Millrace.Cli.Commands;

/// <summary>The options that say where our own servers listen.</summary>
static class ServerOptions
{
    public static Option<int> KafkaPort() => Port("--kafka-port", "the broker", StandOptions.DefaultKafkaPort);

    public static Option<int> ClickHousePort() => Port("--clickhouse-port", "ClickHouse's HTTP interface", StandOptions.DefaultClickHousePort);

    public static Option<IPAddress> Listen() => new("--listen")
    {
        HelpName = "ADDRESS",
        Description = "Address that our own servers listen on; 0.0.0.0 opens them to the network: "
            + $"ClickHouse with the password of {ClickHousePassword.DefaultVariable}, the broker without any.",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = ParseAddress,
    };

    public static Option<bool> Insecure() =>
        new("--insecure") { Description = "Let --listen open ClickHouse to the network without a password." };

    public static Option<string[]> BrokerSettings() => new("--broker-config")
    {
        HelpName = "NAME=VALUE",
        Description = "A setting of the broker under its name in Kafka, such as auto.create.topics.enable=true; repeatable.",
        Validators = { MustBeSettings },
    };

    /// <summary>The data directory is the matter of another option: any will do here, but none would be refused.</summary>
    static void MustBeSettings(OptionResult result)
    {
        try
        {
            BrokerSetting.Apply(new BrokerOptions { DataDirectory = "." }, result.GetValueOrDefault<string[]>() ?? []);
        }
        catch (BrokerStartException e)
        {
            result.AddError($"--broker-config: {e.Message}");
        }
    }

    /// <summary>Full paths.</summary>
    public static Option<string[]> AllowedFolders() => new("--allow-files")
    {
        HelpName = "DIR",
        Description = "A folder that ClickHouse's function file() may read and write, beside its own; repeatable.",
        CustomParser = result => [.. result.Tokens.Select(token => FolderPath(result, token.Value))],
    };

    static string FolderPath(ArgumentResult result, string folder)
    {
        if (!Directory.Exists(folder)) result.AddError($"--allow-files takes a folder that is there, not '{folder}'.");
        return folder.Length == 0 ? "" : Path.GetFullPath(folder);
    }

    /// <summary>The port of somebody's broker, not one of ours to open.</summary>
    public static Option<int> ReachableKafkaPort() =>
        Port("--kafka-port", "the broker: the one that its tables may connect to; 0 for any", StandOptions.DefaultKafkaPort, "");

    /// <summary>How many threads the pool of queue tables has follows from it.</summary>
    public static Option<int> QueueTables() => new("--queue-tables")
    {
        HelpName = "N",
        Description = "How many tables will read Kafka: each wants a thread.",
        DefaultValueFactory = _ => 3,
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<int>() is < 0 or > 1000) result.AddError("--queue-tables takes a number from 0 to 1000.");
            },
        },
    };

    static Option<int> Port(string name, string server, int port, string zero = "; 0 takes any free one") => new(name)
    {
        HelpName = "PORT",
        Description = $"TCP port of {server}{zero}.",
        DefaultValueFactory = _ => port,
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<int>() is < 0 or > IPEndPoint.MaxPort) result.AddError($"{name} takes a port from 0 to {IPEndPoint.MaxPort}.");
            },
        },
    };

    static IPAddress ParseAddress(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (text == "localhost") return IPAddress.Loopback;
        if (IPAddress.TryParse(text, out var address)) return address;
        result.AddError($"--listen takes an IP address of this machine, such as 127.0.0.1 or 0.0.0.0, not '{text}'.");
        return IPAddress.None;
    }
}
