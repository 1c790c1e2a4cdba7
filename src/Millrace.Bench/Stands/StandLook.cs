using Millrace.Streams.Events;
using Millrace.Streams.Status;

namespace Millrace.Bench.Stands;

/// <summary>A stand at one moment. Immutable.</summary>
/// <param name="Emitter">What it said last, also where it has ended since; null before it said anything.</param>
/// <param name="EmitterEnded">It made all its events.</param>
/// <param name="Flow">null when it is not known.</param>
public sealed record StandLook(IReadOnlyList<ProcessLook> Processes, EmitterSummary? Emitter, bool EmitterEnded, StandStatus? Flow)
{
    /// <summary>Of all streams; null when it is not known of one.</summary>
    public long? Lag => Flow?.Streams.Aggregate((long?)0, (sum, stream) => sum + stream.Lag);

    /// <summary>Of all tables; null when it is not known of one.</summary>
    public double? RowsPerSecond => Flow?.Streams.Aggregate((double?)0, (sum, stream) => sum + stream.RowsPerSecond);
}

/// <summary>A process of the stand that lives. Immutable.</summary>
/// <param name="PeakBytes">The most that it ever had in RAM.</param>
public sealed record ProcessLook(string Name, int Pid, double CpuSeconds, long PeakBytes);
