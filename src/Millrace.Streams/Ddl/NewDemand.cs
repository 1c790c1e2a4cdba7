using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Ddl;

/// <summary>
/// What an edit asks of the records of a stream that runs, and did not ask before: a record made before the edit may be a dead letter by it
/// (docs/decisions/0009-editing-a-running-stand.md). Immutable; it never is about no column.
/// </summary>
/// <param name="Columns">Those that the target table does not have yet, and without which a record is a dead letter.</param>
/// <param name="Changed">Those it has, whose source, format, type or rules refuse what they did not refuse.</param>
public sealed record NewDemand(string Topic, string TargetTable, IReadOnlyList<string> Columns, IReadOnlyList<string> Changed)
{
    /// <summary>The stream is paused: the records that wait can't be read by the definitions of before.</summary>
    public bool IsPaused { get; init; }

    /// <returns>null when the stream neither runs nor is paused, or asks for no more than before.</returns>
    internal static NewDemand? Of(StreamDefinition stream, string stand, DatabaseState state)
    {
        var isPaused = StreamPause.IsPaused(stream, stand, state);
        if ((!isPaused && state.Find(stream.ParseView) is null) || state.Find(stream.TargetTable) is null) return null;
        var stored = state.ColumnsOf(stream.TargetTable).Select(column => column.Name).ToHashSet();
        var parsed = state.ColumnsOf(stream.ParsedTable).ToDictionary(column => column.Name);
        var isNew = stream.Columns.ToLookup(column => !stored.Contains(column.Name) && !IsRenamed(column));
        List<string> added = [.. isNew[true].Where(column => column.IsRequired).Select(column => column.Name)];
        List<string> changed = [.. isNew[false].Where(column => IsMore(stream, column, parsed)).Select(column => column.Name)];
        return added.Count + changed.Count > 0
            ? new NewDemand(stream.Topic, stream.TargetTable, added, changed) { IsPaused = isPaused }
            : null;

        bool IsRenamed(ColumnDefinition column) => column.Was is { } was && stored.Contains(was);
    }

    /// <summary>Of what an older version made nothing is known.</summary>
    static bool IsMore(StreamDefinition stream, ColumnDefinition column, Dictionary<string, ColumnState> parsed)
    {
        var known = parsed.GetValueOrDefault(column.Name) ?? parsed.GetValueOrDefault(column.Was ?? "");
        if (known is not { } state || ColumnDemand.Read(state.Comment) is not { } before) return false;
        var demand = ColumnDemand.Of(stream, column);
        return demand.IsMoreThan(before) || (demand.RejectsInvalid && !TakesAllOf(column.Type, state.Type));
    }

    static bool TakesAllOf(ColumnType type, string before) => before == type.MaybeSql ||
        ColumnTypes.Parse(before) is { } parsed && type.Holds(parsed with { IsNullable = false });
}
