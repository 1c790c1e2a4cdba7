using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// The columns that an edit adds to a stream that runs, and without which a record is a dead letter from then on: records made before the
/// edit lack them (docs/decisions/0009-editing-a-running-stand.md). Immutable.
/// </summary>
/// <param name="Columns">Never empty.</param>
public sealed record NewDemand(string Topic, string TargetTable, IReadOnlyList<string> Columns)
{
    /// <summary>The stream is paused: the records that wait can't be read by the definitions of before.</summary>
    public bool IsPaused { get; init; }

    /// <returns>null when the stream neither runs nor is paused, or asks for no more than before.</returns>
    internal static NewDemand? Of(StreamDefinition stream, string stand, DatabaseState state)
    {
        var isPaused = StreamPause.IsPaused(stream, stand, state);
        if ((!isPaused && state.Find(stream.ParseView) is null) || state.Find(stream.TargetTable) is null) return null;
        var held = state.ColumnsOf(stream.TargetTable).Select(column => column.Name).ToHashSet();
        var added = stream.Columns.Where(column => column.IsRequired && !held.Contains(column.Name)).Select(column => column.Name).ToList();
        return added.Count > 0 ? new NewDemand(stream.Topic, stream.TargetTable, added) { IsPaused = isPaused } : null;
    }
}
