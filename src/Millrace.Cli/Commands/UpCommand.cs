using System.CommandLine;
using System.Net;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Output;
using Millrace.Cli.Storage;
using Millrace.Cli.Supervision;
using Millrace.ClickHouse.Confining;
using Millrace.Streams;
using Millrace.Streams.Definition;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace up</c>: brings the stand up and keeps it up, in this process or, with -d, in one of its own.</summary>
sealed class UpCommand
{
    readonly GlobalOptions _globals;
    readonly Option<bool> _detach = new("--detach", "-d") { Description = "Leave the stand running and return when everything is ready." };
    readonly Option<bool> _detached = new(DetachedSupervisor.Option) { Hidden = true };
    readonly Option<bool> _anyPort = new("--any-port") { Description = "Take a free port where the wanted one is busy; the other commands find it." };
    readonly Option<int> _kafkaPort = ServerOptions.KafkaPort();
    readonly Option<int> _clickHousePort = ServerOptions.ClickHousePort();
    readonly Option<IPAddress> _listen = ServerOptions.Listen();
    readonly Option<bool> _insecure = ServerOptions.Insecure();
    readonly Option<string[]> _brokerSettings = ServerOptions.BrokerSettings();
    readonly Option<string[]> _allowedFolders = ServerOptions.AllowedFolders();
    readonly EmitterFlags _emitter = new();

    UpCommand(GlobalOptions globals) => _globals = globals;

    public static Command Create(GlobalOptions globals) => new UpCommand(globals).Create();

    Command Create()
    {
        var command = new Command("up", "Bring everything up: broker, ClickHouse, topics and tables, emitter.")
        {
            _detach, _detached, _anyPort, _kafkaPort, _clickHousePort, _listen, _insecure, _brokerSettings, _allowedFolders,
        };
        _globals.Identity.AddTo(command);
        foreach (var option in _emitter.All) command.Add(option);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return _globals.Only(
            command, _globals.Kafka, _globals.ClickHouse, _globals.Profile, _globals.Data, _globals.Streams, _globals.Output);
    }

    async Task<int> RunAsync(ParseResult parsed)
    {
        var invocation = Invocation.From(parsed, _globals);
        RefuseUnused(parsed, invocation);
        // Before it waits for a lock that may be somebody else's file, and before anything is made.
        StandClaim.Of(invocation.Paths);
        var options = Options(parsed, invocation);
        if (options.ClickHouse is null) Exposure.RequirePassword(options.Listen, ClickHousePassword.IsSet, options.Insecure);
        if (options.ClickHouse is null && !parsed.GetValue(_detached) && Confinement.NotHeldBack is { } gap) Terminal.Note(gap);
        using var signals = new StopSignals();
        if (parsed.GetValue(_detach) && !parsed.GetValue(_detached)) return await StartDetachedAsync(invocation, options, signals);
        while (true)
        {
            if (await OtherSupervisor.RunsOnceSettledAsync(invocation, signals.Stop)) return AlreadyUp(invocation, options.Settings);
            using var dataLock = DataDirectoryLock.TryTake(invocation.Paths);
            // Another `up` was a moment faster, or only looked whether the lock is free.
            if (dataLock is null) continue;
            StandData.RequireRoom(invocation.Paths);
            await StandData.EndLeftoversAsync(new StateFile(invocation.Paths.State).Read(), signals.Stop);
            var plan = StandPlan.For(options, PortMemory.Read(invocation.Paths));
            // Before anything listens, where the ports are known by then.
            var isKnown = plan is { Kafka: not null, ClickHouse: not null };
            if (isKnown) TellWhatIsOpen(options.Listen, plan.Kafka!, plan.ClickHouse!, [.. plan.Services.Select(service => service.Name)]);
            await StandSupervisor.RunAsync(
                plan, invocation.Paths, dataLock, signals, View(parsed, invocation),
                stand => { if (!isKnown) TellWhatIsOpen(options.Listen, stand); }, TimeProvider.System);
            Terminal.Note(
                $"The stand is down. Its data stay in {invocation.Paths.Data}: {Self.Command} up carries on with them, "
                + $"{Self.Command} down -v wipes them.");
            return signals.Interrupted ? ExitCodes.Cancelled : ExitCodes.Success;
        }
    }

    /// <summary>What only a server of our own has a use for, where somebody else's is named in its place.</summary>
    void RefuseUnused(ParseResult parsed, Invocation invocation)
    {
        var (kafka, clickHouse) = (invocation.Kafka is not null, invocation.ClickHouse is not null);
        Option[] broker = kafka ? [_kafkaPort, _brokerSettings] : [];
        Option[] engine = clickHouse ? [_clickHousePort, _insecure, _allowedFolders] : [];
        Option[] both = kafka && clickHouse ? [_listen, _anyPort] : [];
        var unused = both.Concat(broker).Concat(engine).Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name).ToList();
        if (unused.Count == 0) return;
        throw new CliException(ExitCodes.Usage,
            $"up has no use for {string.Join(" and ", unused)} where --kafka, --clickhouse or the profile names somebody else's server: "
            + "leave out the one or the other.");
    }

    static async Task<int> StartDetachedAsync(Invocation invocation, StandOptions options, StopSignals signals)
    {
        var exitCode = await DetachedSupervisor.StartAsync(invocation, options.Settings, signals);
        if (exitCode == ExitCodes.Success && invocation.Stand is { } stand) TellWhatIsOpen(options.Listen, stand);
        return exitCode;
    }

    /// <param name="stand">One that is up: another command may have brought it up, on other servers.</param>
    static void TellWhatIsOpen(IPAddress listen, StandState stand) =>
        TellWhatIsOpen(listen, stand.Kafka!, stand.ClickHouse!, [.. stand.Services.Select(service => service.Name)]);

    static void TellWhatIsOpen(IPAddress listen, string kafka, Uri clickHouse, IReadOnlyList<string> services)
    {
        int? ourKafkaPort = services.Contains(ServiceNames.Broker) ? IPEndPoint.Parse(kafka).Port : null;
        int? ourClickHousePort = services.Contains(ServiceNames.ClickHouse) ? clickHouse.Port : null;
        // Not Note, which waits until it is read: the stand goes on.
        if (Exposure.Sentence(listen, ourKafkaPort, ourClickHousePort, ClickHousePassword.IsSet) is { } sentence)
            Terminal.Diagnostic(sentence);
    }

    IStandView View(ParseResult parsed, Invocation invocation) =>
        parsed.GetValue(_detached) ? new SilentView()
        : invocation.Output == OutputFormat.Json ? new JsonView(Stdout())
        : Terminal.IsInteractive ? new LiveView(TimeProvider.System)
        : new PlainView(Stdout(), TimeProvider.System);

    static StreamWriter Stdout() => new(Terminal.OpenStdout()) { AutoFlush = true };

    StandOptions Options(ParseResult parsed, Invocation invocation) =>
        Options(parsed, invocation, invocation.Endpoints(Servers.None).Identity);

    StandOptions Options(ParseResult parsed, Invocation invocation, StandIdentity identity) => new()
    {
        Paths = invocation.Paths,
        Kafka = invocation.Kafka,
        ClickHouse = invocation.ClickHouse,
        Profile = invocation.ProfilePath,
        Identity = identity,
        KafkaPort = parsed.GetValue(_kafkaPort),
        ClickHousePort = parsed.GetValue(_clickHousePort),
        AnyPort = parsed.GetValue(_anyPort),
        Listen = parsed.GetValue(_listen)!,
        Insecure = parsed.GetValue(_insecure),
        BrokerSettings = parsed.GetValue(_brokerSettings) ?? [],
        AllowedFolders = parsed.GetValue(_allowedFolders) ?? [],
        Streams = StreamCatalog.CountIn(invocation.Paths.Streams),
        Emitter = _emitter.Parse(parsed),
        Settings =
        [
            new StandSetting(_globals.Kafka.Name, invocation.Kafka ?? "", invocation.Kafka is not null),
            new StandSetting(_globals.ClickHouse.Name, $"{invocation.ClickHouse}", invocation.ClickHouse is not null),
            new StandSetting(_globals.Profile.Name, invocation.ProfilePath ?? "", invocation.ProfilePath is not null),
            new StandSetting(_globals.Streams.Name, invocation.Paths.Streams, invocation.NamesStreams),
            .. _globals.Identity.Settings(parsed, identity),
            Setting(parsed, _kafkaPort),
            Setting(parsed, _clickHousePort),
            Setting(parsed, _listen),
            Setting(parsed, _brokerSettings, string.Join(' ', parsed.GetValue(_brokerSettings) ?? [])),
            Setting(parsed, _allowedFolders, string.Join(' ', parsed.GetValue(_allowedFolders) ?? [])),
            .. _emitter.Settings(parsed),
        ],
    };

    static StandSetting Setting<T>(ParseResult parsed, Option<T> option) => Setting(parsed, option, $"{parsed.GetValue(option)}");

    static StandSetting Setting(ParseResult parsed, Option option, string value) =>
        new(option.Name, value, parsed.GetResult(option) is { Implicit: false });

    /// <exception cref="CliException">The stand runs with other settings.</exception>
    public static int AlreadyUp(Invocation invocation, IReadOnlyList<StandSetting> asked)
    {
        if (invocation.Stand is { } stand) StandSetting.RequireSame(asked, stand, invocation.Paths);
        Terminal.Note($"The stand on {invocation.Paths.Data} is up already: see  {Self.Command} ps, stop it with  {Self.Command} down");
        return ExitCodes.Success;
    }
}
