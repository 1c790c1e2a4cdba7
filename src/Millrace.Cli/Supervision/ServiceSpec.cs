using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Roles;
using Millrace.ClickHouse.Confining;
using Millrace.Streams.Events;

namespace Millrace.Cli.Supervision;

/// <summary>What it takes to run one service. Immutable.</summary>
/// <param name="Name">As users say it.</param>
/// <param name="Needs">Names of the services that must be ready before it starts.</param>
/// <param name="Launch">Makes the next process's start of what is known of the stand by then.</param>
/// <param name="RunsOnce">Its work has an end: exit code 0 is success, and it is ready then at the latest.</param>
sealed record ServiceSpec(string Name, IReadOnlyList<string> Needs, Func<StandState, ServiceLaunch> Launch, bool RunsOnce = false)
{
    /// <summary>What else is known of the stand once a process of it listens on a port; null where nothing is.</summary>
    public Func<StandState, int, StandState>? Announce { get; init; }

    /// <summary>Makes what asks a process of it that is ready whether it still works; null for a service whose work has an end.</summary>
    public Func<ServiceProcess, ILivenessProbe>? Probe { get; init; }

    /// <summary>
    /// What comes before each process of it, the first and each later one: it cleans up behind one that was killed. Short, and never
    /// fails; null where there is nothing to do.
    /// </summary>
    public Func<StandState, CancellationToken, Task>? BeforeStart { get; init; }

    /// <summary>What it is asked for at first, of the emitter; null of any other service.</summary>
    public EmitterLoad? Load { get; init; }

    /// <summary>
    /// What it says although nobody can act on it: lines of its stderr with these words are kept out of its log; null when there is nothing
    /// of the kind.
    /// </summary>
    public string? Noise { get; init; }
}

/// <summary>The start of one process. Immutable.</summary>
/// <param name="Program">The program, found on PATH unless it is a full path.</param>
sealed record ServiceLaunch(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>
    /// The first line of its stdin: what it is to do. No secret is in it, nor in the arguments. null for a program that reads none.
    /// </summary>
    public string? Job { get; init; }

    /// <summary>Environment variables beyond the supervisor's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What its process may open, by the kernel's word; null for all that its user may.</summary>
    public Confinement? Confinement { get; init; }

    /// <summary>A role of this very program. Its data directory stands among the arguments for people who look at processes.</summary>
    public static ServiceLaunch OfRole<T>(string name, StandPaths paths, T job, JsonTypeInfo<T> type) =>
        new(Self.Program, Self.Arguments("run", name, "--data", paths.Data))
        {
            Job = JsonSerializer.Serialize(job, type),
            Environment = new Dictionary<string, string> { [RoleLifetime.SupervisedVariable] = "1" },
        };
}
