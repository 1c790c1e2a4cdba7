using Millrace.ClickHouse.Confining;

namespace Millrace.Cli.Supervision;

/// <summary>What it takes to run one service. Immutable.</summary>
/// <param name="Name">As users say it: broker, clickhouse, setup, emitter.</param>
/// <param name="Program">The program, found on PATH unless it is a full path.</param>
/// <param name="Needs">Names of the services that must be ready before it starts.</param>
/// <param name="RunsOnce">Its work has an end: exit code 0 is success, and it is ready then at the latest.</param>
sealed record ServiceSpec(string Name, string Program, IReadOnlyList<string> Arguments, IReadOnlyList<string> Needs, bool RunsOnce = false)
{
    /// <summary>Environment variables beyond the supervisor's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What its process may open, by the kernel's word; null for all that its user may.</summary>
    public Confinement? Confinement { get; init; }

    /// <summary>Makes what asks a process of it whether it still works; null for a service whose work has an end.</summary>
    public Func<ServiceProcess, ILivenessProbe>? Probe { get; init; }

    /// <summary>What it says although nobody can act on it: lines of its stderr with these words are kept out of its log; null when there is nothing of the kind.</summary>
    public string? Noise { get; init; }
}
