using Millrace.Streams.Events;
using Millrace.Streams.Status;

namespace Millrace.Cli.Documents;

/// <summary>What made a <see cref="StandDocument"/>.</summary>
enum StandDocumentCause
{
    /// <summary>The stand entered a phase.</summary>
    Phase,

    /// <summary><see cref="StandDocument.Service"/> changed.</summary>
    Service,

    /// <summary><see cref="StandDocument.Emitter"/> is new.</summary>
    Emitter,

    /// <summary><see cref="StandDocument.Flow"/> is new.</summary>
    Flow,

    /// <summary><see cref="StandDocument.FlowTrouble"/> is new.</summary>
    FlowTrouble,
}

/// <summary>
/// What the stand is like after one change of it: the whole of it, so that whoever missed some knows all with the next. Immutable.
/// </summary>
/// <param name="Number">From 1, without gaps.</param>
sealed record StandDocument(long Number, StandDocumentCause Cause, StandState Stand)
{
    /// <summary>The service that changed last; null when none has.</summary>
    public ServiceStatus? Service { get; init; }

    /// <summary>What the emitter did in its last second; null before its first.</summary>
    public EmitterSummary? Emitter { get; init; }

    /// <summary>What flowed in the last second; null when it is not known.</summary>
    public StandStatus? Flow { get; init; }

    /// <summary>Why it is not known, in one sentence; null when it is, or when nobody looked yet.</summary>
    public string? FlowTrouble { get; init; }
}
