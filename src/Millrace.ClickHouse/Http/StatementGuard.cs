using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using Millrace.ClickHouse.Embedding;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Http;

/// <summary>
/// Looks at each statement before it runs, for what access rights don't hold back. A statement that could name such a thing is read as the
/// engine's own parser understood it; any other passes at the cost of a search.
/// </summary>
static class StatementGuard
{
    /// <summary>
    /// What changes something although readonly = 2 lets it: INSERT INTO FUNCTION, temporary tables, KILL QUERY of one's own, UNDROP TABLE.
    /// </summary>
    static readonly SearchValues<string> SignsOfWriting =
        SearchValues.Create(["insert", "create", "attach", "replace", "kill", "undrop"], StringComparison.OrdinalIgnoreCase);

    /// <summary>How a statement begins that reads and does nothing else, as <see cref="EngineSession.Canonical"/> gives it.</summary>
    static readonly FrozenSet<string> Reading =
        new[] { "SELECT", "WITH", "SHOW", "DESCRIBE", "EXISTS", "EXPLAIN" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>With it a SELECT takes records from a queue table, and commits them for its group: others then miss them.</summary>
    public const string ConsumingSetting = "stream_like_engine_allow_direct_select";

    /// <summary>A name is written otherwise than it reads only with a backslash.</summary>
    static readonly SearchValues<string> SignsOfConsuming =
        SearchValues.Create(["allow_direct_select", "\\"], StringComparison.OrdinalIgnoreCase);

    /// <exception cref="EngineException">A request that may only read asks to take records from a queue table.</exception>
    public static void RefuseConsuming(Engine engine, QueryRequest request, ReadOnlySpan<byte> statement)
    {
        if (request.Settings.Any(setting => setting.Key == ConsumingSetting && setting.Value is not ("0" or "false")))
            throw Refusal.Consumes();
        if (!SideDoor.Contains(statement, SignsOfConsuming)) return;
        for (var scanner = new SqlScanner(Canonical(engine, statement)); scanner.MoveNext();)
            if (scanner.IsWord("STREAM_LIKE_ENGINE_ALLOW_DIRECT_SELECT"u8)) throw Refusal.Consumes();
    }

    /// <summary>
    /// Only what reads may run on a connection that must be able to write again afterwards: readonly can't be taken back.
    /// </summary>
    /// <exception cref="EngineException">READONLY.</exception>
    public static void RefuseAllButReading(Engine engine, ReadOnlySpan<byte> statement)
    {
        var scanner = new SqlScanner(Canonical(engine, statement));
        if (!scanner.MoveNext() || !Reading.Contains(Encoding.ASCII.GetString(scanner.Token))) throw Refusal.ReadOnly();
        while (scanner.MoveNext())
            if (scanner.IsWord("PARALLEL"u8)) throw Refusal.ReadOnly();
    }

    /// <summary>Takes every right but those of reading from a session, where the statement could use them.</summary>
    /// <exception cref="EngineException">It would kill a query, for which the engine asks no right.</exception>
    public static void LeaveReadingOnly(Engine engine, EngineSession session, ReadOnlySpan<byte> statement)
    {
        if (!SideDoor.Contains(statement, SignsOfWriting)) return;
        if (Canonical(engine, statement).AsSpan().StartsWith("KILL"u8)) throw Refusal.ReadOnly();
        session.Execute($"SET ROLE {ClickHouseAccess.ReadingRole}");
    }

    /// <param name="session">The one in which the statement will run.</param>
    /// <exception cref="EngineException">It leads out of the engine.</exception>
    public static void Check(Engine engine, EngineSession session, ReadOnlySpan<byte> statement)
    {
        if (!SideDoor.MayBeIn(statement)) return;
        var canonical = Canonical(engine, statement);
        if (SideDoor.Find(canonical, engine.Files) is { } door) throw Refusal.Of(door, engine.Files is not null);
        // What only the session's settings make a statement, or several of them, was not looked at.
        if (canonical.Length == 0 && session.Parses(statement))
            throw Refusal.Unreadable();
    }

    static byte[] Canonical(Engine engine, ReadOnlySpan<byte> statement)
    {
        using var session = engine.Open();
        // Without the line break at the end of the row.
        return session.Canonical(statement)[..^1];
    }
}
