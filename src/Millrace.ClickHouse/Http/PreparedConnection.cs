using Millrace.ClickHouse.Embedding;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Http;

/// <summary>
/// A connection with what a request asks for: its own, which ends with it, or the one that holds the temporary tables of its session, which
/// is as before afterwards. Calls block; one thread at a time.
/// </summary>
sealed class PreparedConnection : IDisposable
{
    readonly Engine _engine;
    readonly QueryRequest _request;
    readonly Session? _session;
    readonly List<string> _tables = [];
    bool _keep;

    PreparedConnection(Engine engine, QueryRequest request, Session? session, EngineSession connection)
    {
        _engine = engine;
        _request = request;
        _session = session;
        Connection = connection;
    }

    public EngineSession Connection { get; }

    bool IsHeld => _session?.Tables == Connection;

    /// <param name="session">What it keeps is among the request's already: <see cref="QueryRequest.In"/>.</param>
    /// <param name="onItsOwn">Not on the connection of the session's tables.</param>
    /// <exception cref="EngineException">The engine refuses a setting, the database or a role.</exception>
    public static PreparedConnection Open(Engine engine, QueryRequest request, Session? session, bool onItsOwn = false)
    {
        var connection = (onItsOwn ? null : session?.Tables) ?? engine.Open(request.QueryId);
        var prepared = new PreparedConnection(engine, request, session, connection);
        try
        {
            prepared.Prepare();
            return prepared;
        }
        catch (EngineException)
        {
            prepared.Dispose();
            throw;
        }
    }

    /// <summary>Lets a statement through that may run here.</summary>
    /// <exception cref="EngineException">It may not.</exception>
    public void Admit(ReadOnlySpan<byte> statement)
    {
        if (_request.ReadOnly)
        {
            StatementGuard.RefuseConsuming(_engine, _request, statement);
            if (IsHeld) StatementGuard.RefuseAllButReading(_engine, statement);
            StatementGuard.LeaveReadingOnly(_engine, Connection, statement);
        }
        StatementGuard.Check(_engine, Connection, statement);
    }

    /// <summary>The connection becomes the one of the session's tables, or stays it.</summary>
    public void KeepForTables()
    {
        // What a request may not do by itself can't be given back, so the tables would be those of a session that only reads.
        if (_request.ReadOnly) throw Refusal.ReadOnly();
        _keep = true;
    }

    /// <summary>Makes a temporary table that lasts as long as this.</summary>
    public void AddTable(string name, ReadOnlySpan<byte> create)
    {
        Connection.Execute(create, "Null");
        _tables.Add(name);
    }

    public void Dispose()
    {
        if (!IsHeld && !_keep) Connection.Dispose();
        else GiveBack();
    }

    void Prepare()
    {
        // First, so that the engine itself refuses a readonly = 0 among the request's settings.
        if (_request.ReadOnly && !IsHeld) Connection.Execute("SET readonly = 2");
        var settings = IsHeld ? [.. _request.Settings.Where(setting => setting.Key != "readonly"), Tag] : _request.Settings;
        if (settings.Count > 0) Connection.Execute($"SET {SqlText.Settings(settings)}");
        if (_request.Database is { } database) Connection.Execute($"USE {SqlText.Name(database)}");
        if (_request.Roles is { } roles)
            Connection.Execute($"SET ROLE {(roles.Count == 0 ? "NONE" : string.Join(", ", roles.Select(SqlText.Name)))}");
    }

    KeyValuePair<string, string> Tag => KeyValuePair.Create(Engine.TagSetting, _request.QueryId);

    /// <summary>Takes back what <see cref="Prepare"/> did. That also clears what a failed query left in the connection's buffer.</summary>
    void GiveBack()
    {
        try
        {
            if (_keep) _session!.KeepTables(Connection);
            foreach (var table in _tables) Connection.Execute($"DROP TEMPORARY TABLE {SqlText.Name(table)}");
            var names = _request.Settings.Select(setting => setting.Key).Append(Engine.TagSetting).Concat(_engine.OwnSettings.Keys);
            Connection.Execute($"SET {string.Join(", ", names.Where(name => name != "readonly").Distinct().Select(Original))}");
            Connection.Execute("USE default");
            Connection.Execute("SET ROLE DEFAULT");
        }
        catch (EngineException)
        {
            // As it is, it must not serve another request.
            _session!.DropTables();
        }
    }

    string Original(string setting) => _engine.OwnSettings.TryGetValue(setting, out var value)
        ? $"{SqlText.Name(setting)} = {SqlText.Literal(value)}"
        : $"{SqlText.Name(setting)} = DEFAULT";
}
