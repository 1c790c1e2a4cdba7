using Millrace.Bench.Options;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using YamlDotNet.RepresentationModel;

namespace Millrace.Cli.Drills;

/// <summary>
/// Reads a file of several drills. What is not said in it is as on the command line. What is wrong is said with file, line and column.
/// </summary>
sealed class DrillFile
{
    readonly string _file;
    readonly IReadOnlyList<string> _services;

    DrillFile(string file, IReadOnlyList<string> services) => (_file, _services) = (file, services);

    /// <param name="services">That a drill may name.</param>
    /// <exception cref="StreamDefinitionException">The file can't be used; the message says where and why.</exception>
    public static DrillPlan Load(string file, IReadOnlyList<string> services)
    {
        try
        {
            using var text = File.OpenText(file);
            return Read(file, text, services);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StreamDefinitionException($"the drills {file} can't be read: {e.Message}");
        }
    }

    internal static DrillPlan Read(string file, TextReader text, IReadOnlyList<string> services) =>
        YamlText.Parse(file, text) switch
        {
            [{ RootNode: var root }] => new DrillFile(file, services).Plan(root),
            [] => throw YamlPosition.Error(file, 1, 1, "YAML", "the file is empty; write 'steps:' and drills under it"),
            [_, { RootNode.Start: var second }, ..] => throw YamlPosition.Error(
                file, (int)second.Line, (int)second.Column, "YAML", "a file of drills is one document; write all steps under one 'steps:'"),
        };

    DrillPlan Plan(YamlNode root)
    {
        var fields = new YamlFields(_file, root, "a file of drills", "rate", "within", "steps");
        var steps = fields.List("steps").Select(Step).ToList();
        return new DrillPlan(
            $"run {Path.GetFileName(_file)}", steps,
            fields.Integer("rate", DrillDefaults.EventsPerSecond, 1, EmitterOptions.HighestRate),
            Length(fields, "within", DrillDefaults.Within));
    }

    DrillStep Step(YamlNode node)
    {
        var kinds = DrillKind.All.Select(kind => kind.Name).ToList();
        // Which fields there may be depends on the drill: it is looked for first.
        var known = DrillKind.All.SelectMany(kind => kind.Fields).Distinct();
        var any = new YamlFields(_file, node, "a step", ["drill", "times", "every", "wait", .. known]);
        var name = any.Text("drill");
        var kind = DrillKind.All.FirstOrDefault(kind => kind.Name == name) ?? throw any.Wrong(
            "drill", $"'{name}' is no drill{NearestWord.Hint(name, kinds)}; there are {string.Join(", ", kinds)}");
        var fields = new YamlFields(_file, node, $"drill {name}", ["drill", "times", "every", "wait", .. kind.Fields]);
        return new DrillStep(
            kind.Make(new DrillFields(fields, _services)), fields.Integer("times", 1, 1, DrillDefaults.MostTimes),
            Length(fields, "every", DrillDefaults.Every, orNone: true), Length(fields, "wait", TimeSpan.Zero, orNone: true));
    }

    static TimeSpan Length(YamlFields fields, string field, TimeSpan normally, bool orNone = false) =>
        DrillFields.Length(fields, field, normally, orNone);
}

/// <summary>A drill that a file may name. Immutable.</summary>
/// <param name="Fields">Beside those that all have.</param>
sealed record DrillKind(string Name, IReadOnlyList<string> Fields, Func<DrillFields, Strike> Make)
{
    const string Service = "service", For = "for", Events = "events", Share = "share";

    public static IReadOnlyList<DrillKind> All { get; } =
    [
        new("kill", [Service], step => new KillStrike(step.Service(Service))),
        new("restart", [Service], step => new RestartStrike(step.Service(Service))),
        new("pause", [Service, For], step => new PauseStrike(step.Service(Service), step.Length(For, DrillDefaults.Pause))),
        new("burst", [Events, For], step => new BurstStrike(
            step.Number(Events, DrillDefaults.BurstEvents, EmitterOptions.HighestRate), step.Length(For, DrillDefaults.Lasts))),
        new("poison", [Share, For], step => new PoisonStrike(
            step.Share(Share, DrillDefaults.PoisonShare), step.Length(For, DrillDefaults.Lasts))),
        new("partition", [For], step => new PartitionStrike(step.Length(For, DrillDefaults.Partition))),
        new("disk-full", [For], step => new DiskFullStrike(step.Length(For, DrillDefaults.Lasts))),
        new("clock", [For], step => new ClockStrike(step.Length(For, DrillDefaults.Lasts))),
    ];
}

/// <summary>The fields of one step of a file. Each throws a <see cref="StreamDefinitionException"/> where the value can't be.</summary>
sealed class DrillFields(YamlFields fields, IReadOnlyList<string> services)
{
    public string Service(string field)
    {
        var name = fields.Text(field);
        return services.Contains(name) ? name : throw fields.Wrong(
            field, $"no service is called '{name}'{NearestWord.Hint(name, services)}; there are {string.Join(", ", services)}");
    }

    public TimeSpan Length(string field, TimeSpan normally) => Length(fields, field, normally, orNone: false);

    public int Number(string field, int normally, int highest) => fields.Integer(field, normally, 1, highest);

    public double Share(string field, double normally) => fields.Has(field) ? fields.Share(field) : normally;

    public static TimeSpan Length(YamlFields fields, string field, TimeSpan normally, bool orNone)
    {
        if (fields.Optional(field) is not { } text) return normally;
        return Durations.Parse(text) is { } length && (orNone || length > TimeSpan.Zero)
            ? length
            : throw fields.Wrong(field, $"'{text}' is not {Durations.Allowed}");
    }
}
