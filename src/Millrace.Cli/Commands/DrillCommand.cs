using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Millrace.Bench.Options;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Drills;
using Millrace.Cli.Output;
using Millrace.Cli.Services;
using Millrace.Streams.Events;
using Spectre.Console;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace drill</c>: does something bad to the stand that is up, under load, and ends with a verdict; exit code 1 where anything was
/// lost or stored twice, or the stand was not well again in time.
/// </summary>
static class DrillCommand
{
    public static Command Create(GlobalOptions options, StandParts parts)
    {
        var command = new Command("drill", "Do something bad to the stand under load, and say whether anything was lost or stored twice.")
        {
            OnService(options, parts, "kill", "Kill a service, as kill -9 does.", service => new KillStrike(service)),
            OnService(options, parts, "restart", "Restart a service in order.", service => new RestartStrike(service)),
            Pause(options, parts),
            Burst(options),
            Poison(options),
            Lasting(
                options, "partition", "Cut the engine off from the broker for a while.", DrillDefaults.Partition,
                length => new PartitionStrike(length)),
            Lasting(
                options, "disk-full", "Leave no room on the broker's disk for a while.", DrillDefaults.Lasts,
                length => new DiskFullStrike(length)),
            Lasting(
                options, "clock", "Date records ahead and back for a while.", DrillDefaults.Lasts, length => new ClockStrike(length)),
            DrillRunCommand.Create(options, parts),
        };
        return options.Only(command);
    }

    static Command OnService(GlobalOptions options, StandParts parts, string name, string description, Func<string, Strike> strike)
    {
        var service = Service(parts);
        return Create(options, new Command(name, description) { service }, parsed => strike(Required(parsed, service, parts)));
    }

    static Command Pause(GlobalOptions options, StandParts parts)
    {
        var (service, length) = (Service(parts), Length("--for", "How long it hangs.", DrillDefaults.Pause));
        return Create(
            options, new Command("pause", "Let a service hang for a while (SIGSTOP).") { service, length },
            parsed => new PauseStrike(Required(parsed, service, parts), parsed.GetValue(length)));
    }

    static Command Lasting(GlobalOptions options, string name, string description, TimeSpan normally, Func<TimeSpan, Strike> strike)
    {
        var length = Length("--for", "How long it lasts.", normally);
        return Create(options, new Command(name, description) { length }, parsed => strike(parsed.GetValue(length)));
    }

    static Command Burst(GlobalOptions options)
    {
        var events = Number("--events", "Events a second meanwhile.", DrillDefaults.BurstEvents, EmitterOptions.HighestRate);
        var length = Length("--for", "How long it lasts.", DrillDefaults.Lasts);
        return Create(
            options, new Command("burst", "Produce many more events for a while.") { events, length },
            parsed => new BurstStrike(parsed.GetValue(events), parsed.GetValue(length)));
    }

    static Command Poison(GlobalOptions options)
    {
        var share = new Option<double>("--share")
        {
            HelpName = "SHARE",
            Description = $"How many of the drill's events are malformed, {EventShares.Allowed}.",
            DefaultValueFactory = _ => DrillDefaults.PoisonShare,
            CustomParser = result =>
            {
                if (EventShares.Read(result.Tokens[0].Value) is { } read) return read;
                result.AddError($"--share takes {EventShares.Allowed}, not '{result.Tokens[0].Value}'.");
                return 0;
            },
        };
        var length = Length("--for", "How long they come.", DrillDefaults.Lasts);
        return Create(
            options, new Command("poison", "Produce records that must become dead letters for a while.") { share, length },
            parsed => new PoisonStrike(parsed.GetValue(share), parsed.GetValue(length)));
    }

    /// <summary>With what all drills have.</summary>
    static Command Create(GlobalOptions options, Command command, Func<ParseResult, Strike> strike)
    {
        var times = Number("--times", "How often.", 1, DrillDefaults.MostTimes);
        var every = Length("--every", "How long the stand is well before the next time.", DrillDefaults.Every, orNone: true);
        var rate = Number(
            "--rate", "Events a second that the drill produces itself, beside the stand's emitter.", DrillDefaults.EventsPerSecond,
            EmitterOptions.HighestRate);
        var within = Length("--within", "How long the stand may take to be well again.", DrillDefaults.Within);
        var (reckless, report) = (Reckless(), Report());
        foreach (var option in (Option[])[times, every, rate, within, reckless, report]) command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            var step = new DrillStep(strike(parsed), parsed.GetValue(times), parsed.GetValue(every), Wait: TimeSpan.Zero);
            var plan = new DrillPlan(step.Strike.Name, [step], parsed.GetValue(rate), parsed.GetValue(within));
            return await RunAsync(invocation, plan, parsed.GetValue(reckless), parsed.GetValue(report), cancellation);
        });
        return options.Only(command, options.Data, options.Streams, options.Output);
    }

    public static Option<bool> Reckless() => new("--yes-break-it")
    {
        Description = "Also where a server of the stand is not its own: the drill's events go into its topics and tables.",
    };

    public static Option<string?> Report() => new("--report")
    {
        HelpName = "FILE",
        Description = "Write a page with the verdict and plots over time, such as drill.html.",
    };

    /// <param name="isReckless">Servers may be somebody else's.</param>
    /// <param name="report">A file that is not there yet; null for none.</param>
    /// <exception cref="CliException">The stand is down, or nothing of the plan is done to one like it.</exception>
    public static Task<int> RunAsync(
        Invocation invocation, DrillPlan plan, bool isReckless, string? report, CancellationToken cancellation)
    {
        Require(plan, invocation.RequireStand(), isReckless);
        return ServerTrouble.ExplainAsync(invocation, () => report is null
            ? RunAsync(invocation, plan, timeline: null, cancellation)
            : ReportAsync(invocation, plan, report, cancellation));
    }

    /// <summary>The file is opened first: one that can't be is told before anything is done to the stand.</summary>
    static Task<int> ReportAsync(Invocation invocation, DrillPlan plan, string report, CancellationToken cancellation) =>
        NewFile.WriteAsync(report, async file =>
        {
            var timeline = new DrillTimeline(invocation.Paths, TimeProvider.System);
            DrillVerdict? last = null;
            var code = await RunAsync(invocation, plan, timeline, cancellation, verdict => last = verdict);
            await using var text = new StreamWriter(file, leaveOpen: true);
            await text.WriteAsync(DrillPage.Of(last!, timeline, Sentence(last!)));
            return code;
        });

    /// <param name="done">Is told the verdict of all.</param>
    static async Task<int> RunAsync(
        Invocation invocation, DrillPlan plan, DrillTimeline? timeline, CancellationToken cancellation, Action<DrillVerdict>? done = null)
    {
        invocation.RequireStand();
        var isJson = invocation.Output == OutputFormat.Json;
        var drill = new DrillRun(
            plan, invocation.Paths, invocation.Endpoints(Servers.Both), invocation.Catalog,
            seen => { if (isJson) WriteLine(seen, OutputJson.Readable.DrillEvent); else Show(seen); }, timeline, TimeProvider.System);
        var verdict = await Interruption.RunAsync(stop => drill.RunAsync(Tell, stop), cancellation);
        Tell(verdict);
        done?.Invoke(verdict);
        return !verdict.Passed ? ExitCodes.Failed : verdict.Stopped ? ExitCodes.Cancelled : ExitCodes.Success;

        void Tell(DrillVerdict told)
        {
            if (isJson) WriteLine(told, OutputJson.Readable.DrillVerdict);
            else Show(told);
        }
    }

    static void Require(DrillPlan plan, StandState stand, bool isReckless)
    {
        if (plan.Steps.Select(step => step.Strike.Refusal(stand)).FirstOrDefault(why => why is not null) is { } refusal)
            throw new CliException(ExitCodes.Usage, refusal);
        if (!isReckless) RequireOwn(stand);
    }

    /// <summary>Somebody else's servers are not broken by mistake.</summary>
    static void RequireOwn(StandState stand)
    {
        (string Service, string Where)[] servers =
            [(ServiceNames.Broker, $"Kafka at {stand.Kafka}"), (ServiceNames.ClickHouse, $"ClickHouse at {stand.ClickHouse}")];
        var foreign = servers.Where(server => stand.Services.All(service => service.Name != server.Service))
            .Select(server => server.Where).ToList();
        if (foreign.Count > 0)
            throw new CliException(
                ExitCodes.Usage,
                $"The stand's {string.Join(" and ", foreign)} is not its own, and a drill puts events there: "
                + "--yes-break-it says that it may.");
    }

    /// <summary>Whoever reads them sees each at once.</summary>
    static void WriteLine<T>(T document, JsonTypeInfo<T> type)
    {
        Terminal.WriteJson(document, type);
        Console.Out.Flush();
    }

    static void Show(DrillEvent seen) =>
        Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{seen.Time.ToLocalTime():HH:mm:ss}  {seen.Text}"));

    static void Show(DrillVerdict verdict)
    {
        Terminal.Write(ToTable(verdict));
        foreach (var sentence in verdict.Sentences) Terminal.Note(sentence);
        Terminal.Note(Sentence(verdict));
    }

    internal static string Sentence(DrillVerdict verdict)
    {
        if (!verdict.Passed) return $"FAILED: {verdict.Name}.";
        var recoveries = verdict.Recoveries.Select(seconds => seconds.ToString("0.0", CultureInfo.InvariantCulture)).ToList();
        var well = recoveries.Count == 0 ? "" : $"; well again after {string.Join(", ", recoveries)} s";
        var unknown = verdict.WithoutOffset is null or 0 ? ""
            : $"; of {Count(verdict.WithoutOffset)} more Kafka did not say where they are, so nobody can look";
        return $"PASSED: all {Count(verdict.Stored)} acknowledged events are stored, nothing twice{unknown}{well}.";
    }

    internal static AnswerTable ToTable(DrillVerdict verdict)
    {
        var table = Terminal.Table("DRILL", "TIMES>", "ACKNOWLEDGED>", "STORED>", "LOST>", "MISSING>", "TWICE>", "SLOWEST>")
            .Dropping("TIMES", "SLOWEST");
        table.AddRow(
            Markup.Escape(verdict.Name), Humanize.Count(verdict.Strikes.Count), Count(verdict.Acknowledged), Count(verdict.Stored),
            Bad(verdict.Lost), Bad(verdict.Missing), Bad(verdict.StoredTwice),
            verdict.Recoveries.Any() ? string.Create(CultureInfo.InvariantCulture, $"{verdict.Recoveries.Max():0.0} s") : "-");
        return table;
    }

    static string Count(long? count) => count is { } known ? Humanize.Count(known) : "-";

    static string Bad(long? count) => count > 0 ? $"[red]{Count(count)}[/]" : Count(count);

    /// <summary>Its lack is told in a sentence of ours, with the names that there are.</summary>
    static Argument<string?> Service(StandParts parts)
    {
        var service = new Argument<string?>("service")
        {
            HelpName = "SERVICE",
            Description = $"One of {string.Join(", ", parts.Names)}.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        service.AcceptOnlyFromAmong([.. parts.Names]);
        return service;
    }

    static string Required(ParseResult parsed, Argument<string?> service, StandParts parts) => parsed.GetValue(service)
        ?? throw new CliException(
            ExitCodes.Usage, $"drill {parsed.CommandResult.Command.Name} takes a service: {string.Join(", ", parts.Names)}.");

    static Option<int> Number(string name, string description, int normally, int highest) => new(name)
    {
        HelpName = "N",
        Description = description,
        DefaultValueFactory = _ => normally,
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<int>() is var value && (value < 1 || value > highest))
                    result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a whole number from 1 to {highest}."));
            },
        },
    };

    static Option<TimeSpan> Length(string name, string description, TimeSpan normally, bool orNone = false) => new(name)
    {
        HelpName = "TIME",
        Description = description,
        DefaultValueFactory = _ => normally,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Durations.Parse(text) is { } length && (orNone || length > TimeSpan.Zero)) return length;
            result.AddError($"{name} takes {Durations.Allowed}, not '{text}'.");
            return normally;
        },
    };
}
