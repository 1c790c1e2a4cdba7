using System.Text.Json.Serialization;
using Millrace.Cli.Basics;
using Millrace.Streams;
using Millrace.Streams.Events;

namespace Millrace.Cli.Documents;

/// <summary>What a service is doing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServiceState>))]
enum ServiceState
{
    /// <summary>Not started yet: what it needs is not ready.</summary>
    Waiting,

    /// <summary>The process lives and has not said that it is ready.</summary>
    Starting,

    /// <summary>Ready.</summary>
    Running,

    /// <summary>It died; the next process starts after a short pause.</summary>
    Restarting,

    /// <summary>A service that runs once did its work, or an emitter has nothing to emit.</summary>
    Finished,

    /// <summary>Stopped because somebody asked for it.</summary>
    Stopped,

    /// <summary>It died before it was ever ready and is not tried again.</summary>
    Failed,
}

/// <summary>What the whole stand is doing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StandPhase>))]
enum StandPhase
{
    Starting,
    Running,
    Stopping,
}

/// <summary>One service as it is now. Immutable.</summary>
/// <param name="Process">null while no process of it lives.</param>
/// <param name="Since">When <paramref name="State"/> began.</param>
/// <param name="Restarts">How often it died and came back since the stand went up.</param>
/// <param name="Endpoint">Where it answers; null for a service that nobody connects to, or that is not ready.</param>
/// <param name="LastExit">Why its last process ended, in a few words; null when none has.</param>
sealed record ServiceStatus(string Name, ServiceState State, ProcessIdentity? Process, DateTimeOffset Since, int Restarts, string? Endpoint, string? LastExit)
{
    /// <summary>Fingerprint of the definitions that its process goes by; null where it has none, or is not ready.</summary>
    public string? Definitions { get; init; }
}

/// <summary>What other commands need to know of a stand that is up. The supervisor writes it, everybody reads it. Immutable.</summary>
/// <param name="Kafka">Bootstrap string, of our own broker or of somebody else's; null while ours has no port yet.</param>
/// <param name="ClickHouse">Null while ours has no port yet.</param>
sealed record StandState(
    ProcessIdentity Supervisor, StandPhase Phase, DateTimeOffset StartedAt, string? Kafka, Uri? ClickHouse, string Streams,
    IReadOnlyList<ServiceStatus> Services)
{
    /// <summary>Full path of the profile that its clients read; null when there is none.</summary>
    public string? Profile { get; init; }

    /// <summary>Full path of the supervisor's socket; null where an older millrace wrote the state: <see cref="StandPaths.Socket"/>.</summary>
    public string? Socket { get; init; }

    /// <summary>What the stand's own servers listen on, by service; without those that have not said it yet.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; init; } = new Dictionary<string, int>();

    /// <summary>Its emitter stops by itself after a number of events.</summary>
    public bool EmitterEnds { get; init; }

    /// <summary>What its emitter is asked for, also since it went up; null where an older millrace wrote the state.</summary>
    public EmitterLoad? Load { get; init; }

    /// <summary>What the setup of an edit may lose, while it is carried out; in no file.</summary>
    [JsonIgnore]
    public IReadOnlyCollection<string> Allowed { get; init; } = [];

    /// <summary>The options in <see cref="Settings"/> that say who the stand is.</summary>
    public const string StandSetting = "--stand";

    /// <inheritdoc cref="StandSetting"/>
    public const string GroupSetting = "--group";

    /// <summary>Who the stand is on its servers; null where an older millrace wrote the state.</summary>
    [JsonIgnore]
    public StandIdentity? Identity =>
        Settings.TryGetValue(StandSetting, out var name) && Settings.TryGetValue(GroupSetting, out var group)
            ? new StandIdentity(name, group)
            : null;

    /// <summary>Streams whose records wait, as far as the supervisor knew when both servers last answered it.</summary>
    public IReadOnlyList<StreamTrouble> Troubles { get; init; } = [];

    /// <summary>What <c>up</c> was asked for: <see cref="StandSetting.Value"/> by <see cref="StandSetting.Option"/>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>What opens the page, with its token where it has one; null where there is none, or it is not ready.</summary>
    [JsonIgnore]
    public string? PageLink =>
        Services.FirstOrDefault(service => service is { Name: ServiceNames.Page, State: ServiceState.Running })?.Endpoint;

    public StandState WithPort(string service, int port) => this with { Ports = new Dictionary<string, int>(Ports) { [service] = port } };
}

/// <summary>Why records of one stream wait. Immutable.</summary>
/// <param name="Trouble">In one sentence with what to do.</param>
sealed record StreamTrouble(string Topic, string Trouble);
