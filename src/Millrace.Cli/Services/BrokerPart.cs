using System.Net;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Roles;

namespace Millrace.Cli.Supervision;

/// <summary>The stand's own broker as a service.</summary>
static class BrokerSpec
{
    public static ServiceSpec For(StandOptions options, PortChoice ports)
    {
        var job = new BrokerJob(options.Paths.Data, options.Listen, ports.First)
        {
            OtherPorts = ports.Others,
            Settings = options.BrokerSettings,
        };
        return new ServiceSpec(ServiceNames.Broker, [], Launch)
        {
            Announce = (stand, port) => stand with { Kafka = options.KafkaAt(port) },
            Probe = process => SocketProbe.OfBroker(new IPEndPoint(Exposure.FromHere(options.Listen), process.Port)),
        };

        ServiceLaunch Launch(StandState stand)
        {
            // Once clients know a port it stays, also when the process is another.
            var next = stand.Kafka is { } kafka ? job with { Port = IPEndPoint.Parse(kafka).Port, OtherPorts = [] } : job;
            return ServiceLaunch.OfRole(ServiceNames.Broker, options.Paths, next, RoleJson.Default.BrokerJob);
        }
    }
}
