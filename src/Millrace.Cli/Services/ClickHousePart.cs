using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Roles;
using Millrace.Cli.Supervision;
using Millrace.Streams.Kafka;

namespace Millrace.Cli.Services;

/// <summary>The stand's own ClickHouse.</summary>
sealed class ClickHousePart : StandPart
{
    /// <summary>
    /// Each consumer that starts warns of a Kerberos setting that ClickHouse found among librdkafka's own defaults
    /// (src/Storages/Kafka/KafkaConfigLoader.cpp). libchdb can silence a logger, which here would take the real warnings of a queue table
    /// along, and has no logger/message_regexp_negative.
    /// </summary>
    const string KerberosNoise = "sasl.kerberos.kinit.cmd configuration parameter is ignored";

    readonly Option<bool> _insecure =
        new("--insecure") { Description = "Let --listen open ClickHouse to the network without a password." };

    /// <summary>Full paths.</summary>
    readonly Option<string[]> _allowedFolders = new("--allow-files")
    {
        HelpName = "DIR",
        Description = "A folder that ClickHouse's function file() may read and write, beside its own; repeatable.",
        CustomParser = result => [.. result.Tokens.Select(token => FolderPath(result, token.Value))],
    };

    public override string Name => ServiceNames.ClickHouse;

    public override Option<int> Port { get; } = ServerOptions.Port("--clickhouse-port", "ClickHouse's HTTP interface", 8123);

    public override IReadOnlyList<Option> Options => [_insecure, _allowedFolders];

    public override bool IsIn(StandOptions stand, ParseResult up) => stand.ClickHouse is null;

    public override void Check(StandOptions stand, ParseResult up) =>
        Exposure.RequirePassword(stand.Listen, ClickHousePassword.IsSet, up.GetValue(_insecure));

    public override IEnumerable<StandSetting> Settings(ParseResult up) => [up.Setting(Port), up.Setting(_allowedFolders)];

    public override string WhatIsOpen(IPAddress listen, int port) => ClickHouseRole.WhatIsOpen(listen, port, ClickHousePassword.IsSet);

    public override ServiceSpec Spec(StandOptions stand, ParseResult up, StandPorts ports)
    {
        var folders = up.GetValue(_allowedFolders) ?? [];
        // The kernel lets ClickHouse connect to the broker's port and to no other: it has to be known.
        return new ServiceSpec(Name, ports.Open(ServiceNames.Broker), Launch)
        {
            Announce = (known, port) => known with { ClickHouse = stand.ClickHouseAt(port) },
            Probe = process => SocketProbe.OfHttp(new IPEndPoint(Exposure.FromHere(stand.Listen), process.Port)),
            Noise = KerberosNoise,
            BeforeStart = stand.Kafka is null ? RemoveDeadConsumersAsync : null,
        };

        // No other process serves this data directory, so whoever is in the group as ClickHouse is dead.
        Task RemoveDeadConsumersAsync(StandState known, CancellationToken stop) => DeadConsumers.RemoveAsync(
            new IPEndPoint(Exposure.FromHere(stand.Listen), known.Ports[ServiceNames.Broker]), stand.Identity.Group, stop);

        ServiceLaunch Launch(StandState known)
        {
            var choice = ports.For(Name, known);
            var job = new ClickHouseJob(stand.Paths.Data, stand.Listen, choice.First)
            {
                OtherPorts = choice.Others,
                KafkaPort = stand.Kafka is null ? known.Ports[ServiceNames.Broker] : null,
                AllowedFolders = folders,
                QueueTables = stand.Streams,
            };
            return ServiceLaunch.OfRole(Name, stand.Paths, job, ClickHouseJobJson.Default.ClickHouseJob) with
            {
                // Without libchdb.so the role itself says where it should be.
                Confinement = ClickHouseRole.Library is { } library ? job.ConfinementWith(library) : null,
            };
        }
    }

    public override RoleVerb Verb(GlobalOptions globals)
    {
        var listen = ServerOptions.Listen();
        var kafkaPort = ReachableKafkaPort();
        var queueTables = QueueTables();
        return new("The ClickHouse engine behind its HTTP interface.")
        {
            Options = [Port, kafkaPort, listen, _insecure, _allowedFolders, queueTables],
            Usable = [globals.Data],
            ByHand = (parsed, lifetime) =>
            {
                Exposure.RequirePassword(parsed.GetValue(listen)!, ClickHousePassword.IsSet, parsed.GetValue(_insecure));
                var job = new ClickHouseJob(MarkedData(parsed, globals), parsed.GetValue(listen)!, parsed.GetValue(Port))
                {
                    KafkaPort = parsed.GetValue(kafkaPort) is > 0 and var one ? one : null,
                    AllowedFolders = parsed.GetValue(_allowedFolders) ?? [],
                    QueueTables = parsed.GetValue(queueTables),
                };
                return ClickHouseRole.RunAsync(job, lifetime);
            },
            Supervised = lifetime => ClickHouseRole.RunAsync(lifetime.TakeJob(ClickHouseJobJson.Default.ClickHouseJob), lifetime),
        };
    }

    /// <summary>The port of somebody's broker, not one of ours to open.</summary>
    static Option<int> ReachableKafkaPort() => ServerOptions.Port(
        BrokerPart.PortOption, "the broker: the one that its tables may connect to; 0 for any", BrokerPart.DefaultPort, zero: "");

    /// <summary>How many threads the pool of queue tables has follows from it.</summary>
    static Option<int> QueueTables() => new("--queue-tables")
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

    static string FolderPath(ArgumentResult result, string folder)
    {
        if (!Directory.Exists(folder)) result.AddError($"--allow-files takes a folder that is there, not '{folder}'.");
        return folder.Length == 0 ? "" : Path.GetFullPath(folder);
    }
}
