using System.Net;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Roles;

namespace Millrace.Cli.Supervision;

/// <summary>The stand's own ClickHouse as a service.</summary>
static class ClickHouseSpec
{
    /// <summary>
    /// Each consumer that starts warns of a Kerberos setting that ClickHouse found among librdkafka's own defaults
    /// (src/Storages/Kafka/KafkaConfigLoader.cpp). libchdb can silence a logger, which here would take the real warnings of a queue table
    /// along, and has no logger/message_regexp_negative.
    /// </summary>
    const string KerberosNoise = "sasl.kerberos.kinit.cmd configuration parameter is ignored";

    /// <param name="needs">Names of the services that say where Kafka is.</param>
    public static ServiceSpec For(StandOptions options, PortChoice ports, IReadOnlyList<string> needs)
    {
        var job = new ClickHouseJob(options.Paths.Data, options.Listen, ports.First)
        {
            OtherPorts = ports.Others,
            AllowedFolders = options.AllowedFolders,
            QueueTables = options.Streams,
        };
        return new ServiceSpec(ServiceNames.ClickHouse, needs, Launch)
        {
            Announce = (stand, port) => stand with { ClickHouse = options.ClickHouseAt(port) },
            Probe = process => SocketProbe.OfClickHouse(new IPEndPoint(Exposure.FromHere(options.Listen), process.Port)),
            Noise = KerberosNoise,
        };

        ServiceLaunch Launch(StandState stand)
        {
            var pinned = stand.ClickHouse is { } url ? job with { Port = url.Port, OtherPorts = [] } : job;
            var next = options.Kafka is null ? pinned with { KafkaPort = IPEndPoint.Parse(stand.Kafka!).Port } : pinned;
            return ServiceLaunch.OfRole(ServiceNames.ClickHouse, options.Paths, next, RoleJson.Default.ClickHouseJob) with
            {
                // Without libchdb.so the role itself says where it should be.
                Confinement = ClickHouseRole.Library is { } library ? next.ConfinementWith(library) : null,
            };
        }
    }
}
