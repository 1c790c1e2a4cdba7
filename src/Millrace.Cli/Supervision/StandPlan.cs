using System.Globalization;
using System.Net;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Roles;
using Millrace.ClickHouse.Confining;
using Millrace.Streams;

namespace Millrace.Cli.Supervision;

/// <summary>Which services make up a stand, and where its two servers will be. Immutable.</summary>
/// <param name="Kafka">Bootstrap string.</param>
/// <param name="Services">
/// In the order in which they start. They stop one by one in the reverse order: the emitter first, then ClickHouse, whose consumers leave their group
/// while the broker still lives, then the broker.
/// </param>
sealed record StandPlan(string Kafka, Uri ClickHouse, IReadOnlyList<ServiceSpec> Services)
{
    /// <summary>Full path of the profile that the clients read; null when there is none.</summary>
    public string? Profile { get; init; }

    public IReadOnlyList<StandSetting> Settings { get; init; } = [];

    /// <inheritdoc cref="StandOptions.EmitterEnds"/>
    public bool EmitterEnds => Services.Any(service => service is { Name: ServiceNames.Emitter, RunsOnce: true });

    /// <summary>
    /// Each consumer that starts warns of a Kerberos setting that ClickHouse found among librdkafka's own defaults (src/Storages/Kafka/KafkaConfigLoader.cpp).
    /// libchdb can silence a logger, which here would take the real warnings of a queue table along, and has no logger/message_regexp_negative.
    /// </summary>
    const string ClickHouseNoise = "sasl.kerberos.kinit.cmd configuration parameter is ignored";

    /// <exception cref="CliException">A wanted port is busy, or a server could not be reached.</exception>
    public static StandPlan For(StandOptions options)
    {
        RequireReachableBroker(options);
        var services = new List<ServiceSpec>();
        var settings = options.BrokerSettings.SelectMany(setting => new[] { "--broker-config", setting });
        var kafka = options.Kafka ?? AddServer(services, options, ServiceNames.Broker, options.KafkaPort, "--kafka-port", settings);
        var clickHouse = options.ClickHouse ?? new Uri($"http://{AddClickHouse(services, options, kafka)}/");
        string[] kafkaClient = ["--kafka", kafka, "--streams", options.Paths.Streams, .. ProfileArguments(options)];
        // Setup waits for its servers by itself: started beside them, it has loaded what it needs by the time they answer.
        var identity = IdentityArguments(options.Identity);
        string[] setup = [.. kafkaClient, "--clickhouse", clickHouse.ToString(), .. identity];
        services.Add(Role(ServiceNames.Setup, options, setup, needs: []) with { RunsOnce = true });
        services.Add(Role(ServiceNames.Emitter, options, [.. kafkaClient, .. identity], [ServiceNames.Setup]) with
        {
            RunsOnce = options.EmitterEnds,
            Probe = process => new SpeechProbe(() => process.Heard),
            Environment = EmitterEnvironment(options),
        });
        return new StandPlan(kafka, clickHouse, services) { Profile = options.Profile, Settings = options.Settings };
    }

    /// <summary>Our own broker tells its clients one address; ClickHouse on another machine would look for a loopback one on its own.</summary>
    static void RequireReachableBroker(StandOptions options)
    {
        if (options is not { Kafka: null, ClickHouse: { IsLoopback: false } elsewhere } || !IPAddress.IsLoopback(Exposure.FromHere(options.Listen))) return;
        throw new CliException(ExitCodes.Usage,
            $"ClickHouse on {elsewhere.Host} can't reach our own broker on {Exposure.FromHere(options.Listen)}: name the address of this machine that it reaches with --listen ADDRESS, or a Kafka that it reaches with --kafka.");
    }

    static string[] ProfileArguments(StandOptions options) => options.Profile is { } profile ? ["--profile", profile] : [];

    static string[] IdentityArguments(StandIdentity identity) =>
        [StandState.StandSetting, identity.Name, StandState.GroupSetting, identity.Group];

    /// <returns>host:port as clients on this machine reach it.</returns>
    static string AddServer(
        List<ServiceSpec> services, StandOptions options, string name, int wantedPort, string portOption, params IEnumerable<string> moreArguments)
    {
        var port = Port(options, name, wantedPort, portOption);
        string[] arguments = [portOption, port.ToString(CultureInfo.InvariantCulture), "--listen", options.Listen.ToString()];
        services.Add(Role(name, options, [.. arguments, .. moreArguments], needs: []));
        var address = new IPEndPoint(Exposure.FromHere(options.Listen), port);
        services[^1] = services[^1] with { Probe = name == ServiceNames.Broker ? _ => SocketProbe.OfBroker(address) : _ => SocketProbe.OfClickHouse(address) };
        return address.ToString();
    }

    static string AddClickHouse(List<ServiceSpec> services, StandOptions options, string kafka)
    {
        string[] insecure = options.Insecure ? ["--insecure"] : [];
        var folders = options.AllowedFolders.SelectMany(folder => new[] { "--allow-files", folder });
        string[] tables = ["--queue-tables", options.Streams.ToString(CultureInfo.InvariantCulture)];
        var address = AddServer(services, options, ServiceNames.ClickHouse, options.ClickHousePort, "--clickhouse-port", [.. insecure, .. folders, .. tables]);
        var confinement = ConfinementOf(options, IPEndPoint.Parse(address).Port, kafka);
        services[^1] = services[^1] with { Noise = ClickHouseNoise, Confinement = confinement };
        return address;
    }

    /// <returns>null without libchdb.so, of which the role itself will say where it should be.</returns>
    static Confinement? ConfinementOf(StandOptions options, int port, string kafka)
    {
        if (ClickHouseRole.Library is not { } library) return null;
        int? kafkaPort = options.Kafka is null ? IPEndPoint.Parse(kafka).Port : null;
        return new Confinement(options.Paths.ClickHouse, library, port, kafkaPort, options.AllowedFolders);
    }

    static int Port(StandOptions options, string name, int wanted, string portOption)
    {
        if (wanted == 0 || PortHolder.IsFree(options.Listen, wanted)) return wanted == 0 ? PortHolder.TakeFree(options.Listen) : wanted;
        if (options.AnyPort) return PortHolder.TakeFree(options.Listen);
        throw new CliException(ExitCodes.CannotStart,
            $"Port {wanted} for the service {name} is held by {PortHolder.Describe(wanted)}: stop that, or take another port with {portOption} N, or any free one with --any-port.");
    }

    static ServiceSpec Role(string name, StandOptions options, string[] arguments, string[] needs) =>
        new(name, Self.Program, Self.Arguments(["run", name, "--data", options.Paths.Data, .. arguments]), needs) { Environment = Supervised };

    static Dictionary<string, string> Supervised => new() { [RoleLifetime.SupervisedVariable] = "1" };

    static Dictionary<string, string> EmitterEnvironment(StandOptions options) => new(Supervised.Concat(options.Emitter));
}
