using Millrace.Cli.Documents;
using Millrace.Streams.Events;

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

    public StandPorts Ports { get; init; } = StandPorts.None;

    /// <summary>What the emitter is asked for at first; null for a stand without one.</summary>
    public EmitterLoad? Load => Services.Select(service => service.Load).FirstOrDefault(load => load is not null);

    /// <summary>The emitter stops by itself after a number of events.</summary>
    public bool EmitterEnds => Services.Any(service => service is { Name: ServiceNames.Emitter, RunsOnce: true });
}
