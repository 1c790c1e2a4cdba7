using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Roles;
using Millrace.Cli.Supervision;
using Millrace.Kafka.Broker;
using Millrace.Kafka.Broker.Basics;

namespace Millrace.Cli.Services;

/// <summary>The stand's own broker.</summary>
sealed class BrokerPart : StandPart
{
    public const string PortOption = "--kafka-port";
    public const int DefaultPort = 9092;

    readonly Option<string[]> _settings = new("--broker-config")
    {
        HelpName = "NAME=VALUE",
        Description = "A setting of the broker under its name in Kafka, such as auto.create.topics.enable=true; repeatable.",
        Validators = { MustBeSettings },
    };

    public override string Name => ServiceNames.Broker;

    public override Option<int> Port { get; } = ServerOptions.Port(PortOption, "the broker", DefaultPort);

    public override IReadOnlyList<Option> Options => [_settings];

    public override bool IsIn(StandOptions stand, ParseResult up) => stand.Kafka is null;

    public override IEnumerable<StandSetting> Settings(ParseResult up) => [up.Setting(Port), up.Setting(_settings)];

    public override string WhatIsOpen(IPAddress listen, int port) => BrokerRole.WhatIsOpen(listen, port);

    public override ServiceSpec Spec(StandOptions stand, ParseResult up, StandPorts ports)
    {
        var settings = up.GetValue(_settings) ?? [];
        return new ServiceSpec(Name, [], Launch)
        {
            Announce = (known, port) => known with { Kafka = stand.KafkaAt(port) },
            Probe = process => SocketProbe.OfBroker(new IPEndPoint(Exposure.FromHere(stand.Listen), process.Port)),
        };

        ServiceLaunch Launch(StandState known)
        {
            var choice = ports.For(Name, known);
            var job = new BrokerJob(stand.Paths.Data, stand.Listen, choice.First) { OtherPorts = choice.Others, Settings = settings };
            return ServiceLaunch.OfRole(Name, stand.Paths, job, BrokerJobJson.Default.BrokerJob);
        }
    }

    public override RoleVerb Verb(GlobalOptions globals)
    {
        var listen = ServerOptions.Listen();
        return new("The embedded broker.")
        {
            Options = [Port, listen, _settings],
            Usable = [globals.Data],
            ByHand = (parsed, lifetime) => BrokerRole.RunAsync(
                new BrokerJob(MarkedData(parsed, globals), parsed.GetValue(listen)!, parsed.GetValue(Port))
                {
                    Settings = parsed.GetValue(_settings) ?? [],
                },
                lifetime),
            Supervised = lifetime => BrokerRole.RunAsync(lifetime.TakeJob(BrokerJobJson.Default.BrokerJob), lifetime),
        };
    }

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
}
