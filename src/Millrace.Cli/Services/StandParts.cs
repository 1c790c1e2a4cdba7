using System.CommandLine;
using System.Net;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Services;

/// <summary>
/// The services that a stand may have: verbs of <c>run</c>, options of <c>up</c>, ports, what <c>restart</c> and <c>logs</c> take and the
/// plan of a stand come from this list. One for the whole command tree.
/// </summary>
sealed class StandParts
{
    /// <summary>In the order in which they start; the reverse is the order in which they stop.</summary>
    public IReadOnlyList<StandPart> All { get; } =
        [new BrokerPart(), new ClickHousePart(), new SetupPart(), new EmitterPart(), new PagePart()];

    public IReadOnlyList<string> Names => [.. All.Select(part => part.Name)];

    /// <param name="up">The command line of <c>up</c>.</param>
    /// <param name="last">The ports of the last time, by service.</param>
    /// <exception cref="CliException">A wanted port is busy, or a server could not be reached.</exception>
    public StandPlan Plan(StandOptions stand, ParseResult up, IReadOnlyDictionary<string, TakenPort> last) =>
        Plan(stand, up, last, part => part.IsIn(stand, up));

    /// <param name="isIn">Says which services it has.</param>
    /// <inheritdoc cref="Plan(StandOptions, ParseResult, IReadOnlyDictionary{string, TakenPort})"/>
    public StandPlan Plan(
        StandOptions stand, ParseResult up, IReadOnlyDictionary<string, TakenPort> last, Func<StandPart, bool> isIn)
    {
        RequireReachableBroker(stand);
        var parts = All.Where(isIn).ToList();
        var ports = new StandPorts(parts.Where(part => part.Port is not null).ToDictionary(
            part => part.Name,
            part => PortChoice.Of(part.Name, stand, up.GetValue(part.Port!), part.Port!.Name, last.GetValueOrDefault(part.Name))));
        return new StandPlan([.. parts.Select(part => part.Spec(stand, up, ports))])
        {
            Kafka = stand.Kafka ?? (ports.Fixed(ServiceNames.Broker) is { } kafka ? stand.KafkaAt(kafka) : null),
            ClickHouse = stand.ClickHouse ?? (ports.Fixed(ServiceNames.ClickHouse) is { } port ? stand.ClickHouseAt(port) : null),
            Profile = stand.Profile,
            Settings = stand.Settings,
            Ports = ports,
        };
    }

    /// <summary>One sentence about what is open to the network; null when nothing is.</summary>
    /// <param name="ports">Of the stand's own servers, by service.</param>
    public string? WhatIsOpen(IPAddress listen, IReadOnlyDictionary<string, int> ports) => Exposure.Sentence(
        listen,
        All.Where(part => ports.ContainsKey(part.Name)).Select(part => part.WhatIsOpen(listen, ports[part.Name])).OfType<string>());

    /// <summary>
    /// Our own broker tells its clients one address; ClickHouse on another machine would look for a loopback one on its own.
    /// </summary>
    static void RequireReachableBroker(StandOptions stand)
    {
        var here = Exposure.FromHere(stand.Listen);
        if (stand is not { Kafka: null, ClickHouse: { IsLoopback: false } elsewhere } || !IPAddress.IsLoopback(here)) return;
        throw new CliException(ExitCodes.Usage,
            $"ClickHouse on {elsewhere.Host} can't reach our own broker on {here}: name the address of this machine that it reaches "
            + "with --listen ADDRESS, or a Kafka that it reaches with --kafka.");
    }
}
