using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Replay;

/// <summary>The table that a replay fills. Immutable.</summary>
/// <param name="Stream">Whose target table it is taken for.</param>
/// <param name="IsOwn">The stream's own, which its views fill too.</param>
/// <param name="CreateSql">Makes the table; null: it is there.</param>
sealed record ReplayTarget(StreamDefinition Stream, bool IsOwn, string? CreateSql)
{
    public string Table => Stream.TargetTable;

    /// <summary>null for one that is not there.</summary>
    public string? FilledTable => CreateSql is null ? Table : null;

    /// <exception cref="ReplayRefusedException">ClickHouse holds the stream not as it is defined, or the table can't be filled.</exception>
    /// <exception cref="DdlRefusedException">The table is another stand's, or can't become what the definition says.</exception>
    public static ReplayTarget Of(
        StreamDefinition stream, StreamCatalog catalog, StandEndpoints endpoints, string? into, DatabaseState state)
    {
        if (into is null || into == stream.TargetTable)
        {
            RequireSetUp(stream, endpoints, state);
            return new ReplayTarget(stream, IsOwn: true, null);
        }
        if (StreamFile.NameFault(into) is { } fault) throw new ReplayRefusedException($"{fault} (--into)");
        var stand = endpoints.Identity.Name;
        var target = stream with { TargetTable = into };
        if (catalog.Streams.FirstOrDefault(other => IsOf(other, into, endpoints)) is { } other)
            throw new ReplayRefusedException($"{into} is a table of stream {other.Name}: name one that no stream has (--into)");
        if (state.Find(into) is null) return new ReplayTarget(target, IsOwn: false, TargetTableSql.Create(target, stand));
        if (!TargetChange.Of(target, stand, state).IsAsDefined)
            throw new ReplayRefusedException(
                $"{into} has other columns than the definition of stream {stream.Name}: name another table (--into), and it is made");
        return new ReplayTarget(target, IsOwn: false, null);
    }

    static bool IsOf(StreamDefinition stream, string table, StandEndpoints endpoints)
    {
        var chain = new StreamChain(stream, endpoints);
        return table == stream.TargetTable || table == stream.DeadLetterTable || table == StreamDefinition.LockTable
            || chain.InOrder.Append(chain.PauseMark).Any(made => made.Name == table);
    }

    static void RequireSetUp(StreamDefinition stream, StandEndpoints endpoints, DatabaseState state)
    {
        if (state.Find(stream.TargetTable) is null)
            throw new ReplayRefusedException(
                $"stream {stream.Name} is not set up in ClickHouse yet: carry its definition out first (apply)");
        if (!new StreamChain(stream, endpoints).IsSetUp(state))
            throw new ReplayRefusedException(
                $"stream {stream.Name} was set up by another definition than it has now: carry the edit out (apply), then replay");
    }
}
