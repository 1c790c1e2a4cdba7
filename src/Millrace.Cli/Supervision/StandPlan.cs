using System.Net;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;

namespace Millrace.Cli.Supervision;

/// <summary>Which services make up a stand. Immutable.</summary>
/// <param name="Services">
/// In the order in which they start. They stop one by one in the reverse order: the emitter first, then ClickHouse, whose consumers leave
/// their group while the broker still lives, then the broker.
/// </param>
sealed record StandPlan(IReadOnlyList<ServiceSpec> Services)
{
    /// <summary>Bootstrap string; null where our own broker will say it.</summary>
    public string? Kafka { get; init; }

    /// <summary>null where our own ClickHouse will say it.</summary>
    public Uri? ClickHouse { get; init; }

    /// <summary>Full path of the profile that the clients read; null when there is none.</summary>
    public string? Profile { get; init; }

    public IReadOnlyList<StandSetting> Settings { get; init; } = [];

    /// <summary>By service, where its server takes the first free port of several: the one that the user wants.</summary>
    public IReadOnlyDictionary<string, int> WantedPorts { get; init; } = new Dictionary<string, int>();

    /// <inheritdoc cref="StandOptions.EmitterEnds"/>
    public bool EmitterEnds => Services.Any(service => service is { Name: ServiceNames.Emitter, RunsOnce: true });

    /// <param name="last">The ports of the last time.</param>
    /// <exception cref="CliException">A wanted port is busy, or a server could not be reached.</exception>
    public static StandPlan For(StandOptions options, IReadOnlyDictionary<string, TakenPort> last)
    {
        RequireReachableBroker(options);
        var broker = options.Kafka is null ? options.Ports(ServiceNames.Broker, options.KafkaPort, "--kafka-port", last) : null;
        var clickHouse = options.ClickHouse is null
            ? options.Ports(ServiceNames.ClickHouse, options.ClickHousePort, "--clickhouse-port", last)
            : null;
        var wanted = new Dictionary<string, int>();
        if (broker is { IsFixed: false }) wanted[ServiceNames.Broker] = options.KafkaPort;
        if (clickHouse is { IsFixed: false }) wanted[ServiceNames.ClickHouse] = options.ClickHousePort;
        var services = new List<ServiceSpec>();
        if (broker is not null) services.Add(BrokerSpec.For(options, broker));
        // The kernel lets ClickHouse connect to the broker's port and to no other: it has to be known.
        if (clickHouse is not null) services.Add(ClickHouseSpec.For(options, clickHouse, Known(wanted.Keys, ServiceNames.Broker)));
        services.Add(SetupSpec.For(options, [.. wanted.Keys]));
        services.Add(EmitterSpec.For(options));
        return new StandPlan(services)
        {
            Kafka = options.Kafka ?? (broker is { IsFixed: true } ? options.KafkaAt(broker.First) : null),
            ClickHouse = options.ClickHouse ?? (clickHouse is { IsFixed: true } ? options.ClickHouseAt(clickHouse.First) : null),
            Profile = options.Profile,
            Settings = options.Settings,
            WantedPorts = wanted,
        };
    }

    static string[] Known(IEnumerable<string> open, string service) => open.Contains(service) ? [service] : [];

    /// <summary>Our own broker tells its clients one address; ClickHouse on another machine would look for a loopback one on its own.</summary>
    static void RequireReachableBroker(StandOptions options)
    {
        var here = Exposure.FromHere(options.Listen);
        if (options is not { Kafka: null, ClickHouse: { IsLoopback: false } elsewhere } || !IPAddress.IsLoopback(here)) return;
        throw new CliException(ExitCodes.Usage,
            $"ClickHouse on {elsewhere.Host} can't reach our own broker on {here}: name the address of this machine that it reaches "
            + "with --listen ADDRESS, or a Kafka that it reaches with --kafka.");
    }
}
