using Millrace.Streams.Events;

namespace Millrace.Streams.Status;

/// <summary>
/// What the stand is like at one second: terminal, JSON, page and metrics read the same ones. Whoever missed some knows all with the next,
/// but for <see cref="Events"/>. Immutable.
/// </summary>
/// <param name="Feed">Who numbers them: one that begins anew, and counts from 1 again, has another name.</param>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Trouble">Why nobody can ask what flows, in one sentence; null when somebody can, or nobody has tried yet.</param>
/// <param name="Flow">null when it is not known.</param>
/// <param name="Emitter">Its last second; null where no emitter has told of one.</param>
/// <param name="Services">Empty where the stand has no supervisor of ours.</param>
/// <param name="Events">What has happened since the document before, oldest first.</param>
public sealed record StatusDocument(
    string Feed,
    long Number,
    DateTimeOffset Time,
    string? Trouble,
    StandStatus? Flow,
    EmitterSummary? Emitter,
    IReadOnlyList<ServiceFacts> Services,
    IReadOnlyList<StandEvent> Events);

/// <summary>A service as its supervisor sees it. Immutable.</summary>
/// <param name="State">waiting, starting, running, restarting, finished, stopped or failed.</param>
/// <param name="Pid">null while no process of it lives.</param>
/// <param name="Since">When <paramref name="State"/> began.</param>
/// <param name="Restarts">How often it died and came back since the stand went up.</param>
/// <param name="Endpoint">Where it answers; null for a service that nobody connects to, or that is not ready.</param>
/// <param name="LastExit">Why its last process ended, in a few words; null when none has.</param>
/// <param name="MemoryBytes">In RAM; 0 while no process lives.</param>
/// <param name="CpuSeconds">Processor time that its process has used; 0 while no process lives.</param>
public sealed record ServiceFacts(
    string Name, string State, int? Pid, DateTimeOffset Since, int Restarts, string? Endpoint, string? LastExit, long MemoryBytes,
    double CpuSeconds)
{
    /// <summary>A <see cref="State"/>: its process has said that it is ready.</summary>
    public const string Running = "running";

    /// <summary>Cores that its process kept busy since the document before; null when that had another process, or none.</summary>
    public double? Cores { get; init; }
}

/// <summary>Something that happened to the stand, as a mark on a time axis. Immutable.</summary>
/// <param name="Kind">
/// <c>died</c>, <c>ready</c>, <c>stopped</c>, <c>setup</c>, <c>schema change</c>, <c>trouble</c>, <c>paused</c>, <c>resumed</c> or
/// <c>drill</c>.
/// </param>
/// <param name="Subject">
/// The topic of a stream that is in trouble, paused or resumed; the service of all else; empty for a drill on none.
/// </param>
/// <param name="Text">In a few words.</param>
public sealed record StandEvent(DateTimeOffset Time, string Kind, string Subject, string Text)
{
    public const string Died = "died";
    public const string Ready = "ready";
    public const string Stopped = "stopped";
    public const string SetUp = "setup";

    /// <summary>Also what a setup says that changed tables which were there: why it ended.</summary>
    public const string SchemaChange = "schema change";

    public const string InTrouble = "trouble";
    public const string IsPaused = "paused";
    public const string IsResumed = "resumed";

    /// <summary>Something was done to the stand on purpose.</summary>
    public const string Drill = "drill";
}
