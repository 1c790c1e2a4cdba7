using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Millrace.Bench.Options;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;

namespace Millrace.Cli.CommandLine;

/// <summary>The options of <c>bench</c>, and what they come to.</summary>
/// <param name="variable">The emitter's settings that may be varied, by their names.</param>
/// <param name="killable">The services that may be killed.</param>
sealed class BenchFlags(IReadOnlyList<string> variable, IReadOnlyList<string> killable)
{
    static readonly BenchOptions Defaults = new();

    readonly Option<string?> _rate = new("--rate")
    {
        HelpName = "N,...",
        Description = "Events a second for latency, recover and startup, several with commas between them: 1000 unless given.",
    };

    readonly Option<string?> _duration = Time("--duration", "How long latency counts: 30s unless given.");
    readonly Option<string?> _warmUp = Time("--warm-up", "Events go on for so long before any counts: 10s unless given.");
    readonly Option<string?> _hold = Time("--hold", "How long sustain wants a rate to be held: 60s unless given.");
    readonly Option<string?> _p99 = Time("--p99", "How late 99 % of the rows may be for sustain: 1s unless given.");

    readonly Option<string?> _most = new("--most")
    {
        HelpName = "N",
        Description = "The highest rate that sustain tries: any unless given.",
    };

    readonly Option<string?> _backlog = new("--backlog")
    {
        HelpName = "N",
        Description = "The events that drain empties: 1000000 unless given.",
    };

    readonly Option<string?> _kill = new("--kill")
    {
        HelpName = "SERVICE,...",
        Description = $"The services that recover kills: {string.Join(',', Defaults.Kill)} unless given.",
    };

    readonly Option<string?> _repeat = new("--repeat")
    {
        HelpName = "N",
        Description = "How often each is measured: 1 unless given; without at least 2 there is no spread to compare.",
    };

    readonly Option<string[]> _vary = new("--vary")
    {
        HelpName = "NAME=V,...",
        Description = $"A setting of the emitter with its values, such as linger-ms=0,5,20: {string.Join(", ", variable)}; repeatable, "
            + "then every combination is measured.",
    };

    public void AddTo(Command command)
    {
        Option[] all = [_rate, _duration, _warmUp, _hold, _p99, _most, _backlog, _kill, _repeat, _vary];
        foreach (var option in all) command.Add(option);
    }

    /// <exception cref="BenchRefusedException">One of them has a value it can't have.</exception>
    public BenchOptions Parse(ParseResult parsed) => new()
    {
        Rates = Words(parsed, _rate) is { } rates
            ? [.. rates.Select(rate => Number(_rate, rate, EmitterOptions.HighestRate)).Distinct()]
            : Defaults.Rates,
        Duration = Duration(parsed, _duration, Defaults.Duration),
        WarmUp = Duration(parsed, _warmUp, Defaults.WarmUp, orNone: true),
        Hold = Duration(parsed, _hold, Defaults.Hold),
        P99Limit = Duration(parsed, _p99, Defaults.P99Limit),
        Most = parsed.GetValue(_most) is { } most ? Number(_most, most, EmitterOptions.HighestRate) : Defaults.Most,
        Backlog = parsed.GetValue(_backlog) is { } backlog ? Number(_backlog, backlog, int.MaxValue) : Defaults.Backlog,
        Kill = Words(parsed, _kill) is { } services ? [.. services.Select(Killable).Distinct()] : Defaults.Kill,
        Repeat = parsed.GetValue(_repeat) is { } repeat ? Number(_repeat, repeat, 1000) : Defaults.Repeat,
        Vary = Variations(parsed),
    };

    static Option<string?> Time(string name, string description) => new(name) { HelpName = "TIME", Description = description };

    static IReadOnlyList<string>? Words(ParseResult parsed, Option<string?> option) => parsed.GetValue(option)?.Split(',');

    static int Number(Option option, string text, int highest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= highest
            ? number
            : throw new BenchRefusedException(
                string.Create(CultureInfo.InvariantCulture, $"{option.Name} takes whole numbers from 1 to {highest}, not '{text}'"));

    static TimeSpan Duration(ParseResult parsed, Option<string?> option, TimeSpan otherwise, bool orNone = false)
    {
        if (parsed.GetValue(option) is not { } text) return otherwise;
        if (Durations.Parse(text) is { } time && (orNone || time > TimeSpan.Zero)) return time;
        throw new BenchRefusedException($"{option.Name} takes {Durations.Allowed}, not '{text}'");
    }

    string Killable(string service) => killable.Contains(service)
        ? service
        : throw new BenchRefusedException(
            $"--kill takes {string.Join(", ", killable)}, not {service}{NearestWord.Hint(service, killable)}");

    IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Variations(ParseResult parsed)
    {
        var all = (parsed.GetValue(_vary) ?? []).Select(Variation).ToList();
        var twice = all.GroupBy(one => one.Name).FirstOrDefault(setting => setting.Count() > 1);
        return twice is null ? all : throw new BenchRefusedException($"--vary names {twice.Key} twice: give all of its values at once");
    }

    (string Name, IReadOnlyList<string> Values) Variation(string text)
    {
        var sign = text.IndexOf('=', StringComparison.Ordinal);
        var (name, values) = sign < 0 ? (text, "") : (text[..sign], text[(sign + 1)..]);
        if (!variable.Contains(name))
            throw new BenchRefusedException(
                $"--vary knows no setting {name}{NearestWord.Hint(name, variable)}: there are {string.Join(", ", variable)}");
        return values.Split(',') is var words && !words.Contains("")
            ? (name, [.. words.Distinct()])
            : throw new BenchRefusedException($"--vary takes a setting with values, such as {name}=1,2, not '{text}'");
    }
}
