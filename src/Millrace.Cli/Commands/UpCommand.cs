using System.CommandLine;
using System.Net;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Output;
using Millrace.Cli.Services;
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
    readonly StandParts _parts;
    readonly Option<bool> _detach = new("--detach", "-d") { Description = "Leave the stand running and return when everything is ready." };
    readonly Option<bool> _detached = new(DetachedSupervisor.Option) { Hidden = true };
    readonly Option<bool> _anyPort = new("--any-port")
    {
        Description = "Take a free port where the wanted one is busy; the other commands find it.",
    };
    readonly Option<IPAddress> _listen = ServerOptions.Listen();

    UpCommand(GlobalOptions globals, StandParts parts) => (_globals, _parts) = (globals, parts);

    public static Command Create(GlobalOptions globals, StandParts parts) => new UpCommand(globals, parts).Create();

    Command Create()
    {
        var command = new Command("up", "Bring everything up: broker, ClickHouse, topics and tables, emitter.")
        {
            _detach, _detached, _anyPort,
        };
        foreach (var port in _parts.All.Select(part => part.Port).OfType<Option<int>>()) command.Add(port);
        command.Add(_listen);
        foreach (var option in _parts.All.SelectMany(part => part.Options)) command.Add(option);
        foreach (var without in _parts.All.Select(part => part.Without).OfType<Option<bool>>()) command.Add(without);
        _globals.Identity.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return _globals.Only(
            command, _globals.Kafka, _globals.ClickHouse, _globals.Profile, _globals.Data, _globals.Streams, _globals.Output);
    }

    static IEnumerable<Option> OptionsOf(StandPart part) => part.Port is { } port ? part.Options.Prepend(port) : part.Options;

    async Task<int> RunAsync(ParseResult parsed)
    {
        var invocation = Invocation.From(parsed, _globals);
        var options = Options(parsed, invocation);
        RefuseUnused(parsed, options);
        // Before it waits for a lock that may be somebody else's file, and before anything is made.
        StandClaim.Of(invocation.Paths);
        foreach (var part in _parts.All.Where(part => part.IsIn(options, parsed))) part.Check(options, parsed);
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
            var plan = _parts.Plan(options, parsed, PortMemory.Read(invocation.Paths));
            // Before anything listens, where the ports are known by then.
            var isKnown = plan.Ports.AreAllKnown;
            if (isKnown) TellWhatIsOpen(options.Listen, plan.Ports.Known);
            await StandSupervisor.RunAsync(
                plan, invocation.Paths, dataLock, signals, View(parsed, invocation),
                stand => { if (!isKnown) TellWhatIsOpen(options.Listen, stand.Ports); }, TimeProvider.System);
            Terminal.Note(
                $"The stand is down. Its data stay in {invocation.Paths.Data}: {Self.Command} up carries on with them, "
                + $"{Self.Command} down -v wipes them.");
            return signals.Interrupted ? ExitCodes.Cancelled : ExitCodes.Success;
        }
    }

    /// <summary>
    /// What only a service has a use for that the user wants to go without, or only a server of our own, where somebody else's is named in
    /// its place.
    /// </summary>
    void RefuseUnused(ParseResult parsed, StandOptions stand)
    {
        foreach (var part in _parts.All)
            if (part.Without is { } without && parsed.GetValue(without) && OptionsOf(part).FirstOrDefault(parsed.Gives) is { } vain)
                throw new CliException(
                    ExitCodes.Usage, $"up has no use for {vain.Name} beside {without.Name}: leave out the one or the other.");
        var anyIsOurs = _parts.All.Any(part => part.Port is not null && part.IsIn(stand, parsed));
        var useless = _parts.All.Where(part => !part.IsIn(stand, parsed)).SelectMany(OptionsOf);
        var unused = (anyIsOurs ? useless : useless.Prepend(_anyPort).Prepend(_listen))
            .Where(parsed.Gives).Select(option => option.Name).ToList();
        if (unused.Count == 0) return;
        throw new CliException(ExitCodes.Usage,
            $"up has no use for {string.Join(" and ", unused)} where --kafka, --clickhouse or the profile names somebody else's server: "
            + "leave out the one or the other.");
    }

    async Task<int> StartDetachedAsync(Invocation invocation, StandOptions options, StopSignals signals)
    {
        var exitCode = await DetachedSupervisor.StartAsync(invocation, options.Settings, signals);
        // Another command may have brought it up, on other servers.
        if (exitCode == ExitCodes.Success && invocation.Stand is { } stand) TellWhatIsOpen(options.Listen, stand.Ports);
        // This process ends now, and a line that is still on its way with it.
        Terminal.DrainDiagnostics();
        return exitCode;
    }

    /// <param name="ports">Of the stand's own servers, by service.</param>
    void TellWhatIsOpen(IPAddress listen, IReadOnlyDictionary<string, int> ports)
    {
        // Not Note, which waits until it is read: the stand goes on.
        if (_parts.WhatIsOpen(listen, ports) is { } sentence) Terminal.Diagnostic(sentence);
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
        AnyPort = parsed.GetValue(_anyPort),
        Listen = parsed.GetValue(_listen)!,
        Streams = StreamCatalog.CountIn(invocation.Paths.Streams),
        Settings =
        [
            new StandSetting(_globals.Kafka.Name, invocation.Kafka ?? "", invocation.Kafka is not null),
            new StandSetting(_globals.ClickHouse.Name, $"{invocation.ClickHouse}", invocation.ClickHouse is not null),
            new StandSetting(_globals.Profile.Name, invocation.ProfilePath ?? "", invocation.ProfilePath is not null),
            new StandSetting(_globals.Streams.Name, invocation.Paths.Streams, invocation.NamesStreams),
            .. _globals.Identity.Settings(parsed, identity),
            parsed.Setting(_listen),
            .. _parts.All.SelectMany(part => part.Settings(parsed)),
        ],
    };

    /// <exception cref="CliException">The stand runs with other settings.</exception>
    public static int AlreadyUp(Invocation invocation, IReadOnlyList<StandSetting> asked)
    {
        if (invocation.Stand is { } stand) StandSetting.RequireSame(asked, stand, invocation.Paths);
        Terminal.Note($"The stand on {invocation.Paths.Data} is up already: see  {Self.Command} ps, stop it with  {Self.Command} down");
        return ExitCodes.Success;
    }
}
