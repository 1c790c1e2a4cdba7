using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// Refuses a name that another stand, or somebody else, has taken: nothing that is not the stand's own is dropped, changed or written to.
/// </summary>
static class Ownership
{
    /// <exception cref="DdlRefusedException">The name is taken.</exception>
    public static void RequireObject(DdlObject made, StreamDefinition stream, DatabaseState state)
    {
        if (state.Find(made.Name) is not { } table) return;
        var owner = DdlObject.OwnerOf(table)
            ?? throw new DdlRefusedException(
                $"{made.Name} is not of Millrace's making, but stream {stream.Name} needs the name: " +
                "rename it (RENAME TABLE), or give the stream another name");
        if (owner == made.Stand) return;
        throw new DdlRefusedException(
            $"{made.Name} belongs to stand {owner}{Else(owner, made.Stand)}, or give stream {stream.Name} another name (stream:)");
    }

    /// <summary>
    /// Rows are never dropped, but two stands that store the same topic in one table would take each other's offsets for their own.
    /// </summary>
    /// <param name="rename">How to get another name, as an order.</param>
    /// <exception cref="DdlRefusedException">The table is another stand's.</exception>
    public static void RequireTable(TableState table, string stand, string rename)
    {
        var named = StandMark.OwnerIn(table.Comment);
        var owner = named ?? StandIdentity.DefaultName;
        if (owner == stand) return;
        var why = named is null ? "names no stand in its comment and so belongs to" : "belongs to stand";
        var handOver = $"ALTER TABLE {table.Name} MODIFY COMMENT {Sql.Text(StandMark.OfTable(stand))}";
        throw new DdlRefusedException($"{table.Name} {why} {owner}{Else(owner, stand)}, {rename}, or hand the table over ({handOver})");
    }

    static string Else(string owner, string stand) =>
        $", and this is stand {stand}: go on with what that stand has (--stand {owner}), use another database or data directory";
}
