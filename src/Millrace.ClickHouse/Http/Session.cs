using System.Text;
using Millrace.ClickHouse.Embedding;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Http;

/// <summary>
/// What a client keeps between requests under one session_id: what its SET and USE changed, and the connection that holds its temporary
/// tables once there are any. For one request at a time (<see cref="Sessions"/>).
/// </summary>
sealed class Session(string id) : IDisposable
{
    readonly Dictionary<string, string> _settings = [];

    public string Id { get; } = id;

    /// <summary>What differs from a new connection, without readonly.</summary>
    public IReadOnlyDictionary<string, string> Settings => _settings;

    /// <summary>Somebody said SET readonly: from then on it may only read.</summary>
    public bool ReadOnly { get; private set; }

    public string? Database { get; private set; }

    /// <summary>null: all that the user has.</summary>
    public IReadOnlyList<string>? Roles { get; private set; }

    /// <summary>Where its temporary tables are. Between two requests it has no settings of its own; null until there are tables.</summary>
    public EngineSession? Tables { get; private set; }

    /// <summary>Nobody would miss it.</summary>
    public bool IsBlank => _settings.Count == 0 && !ReadOnly && Database is null && Roles is null && Tables is null;

    public void KeepTables(EngineSession connection) => Tables = connection;

    public void DropTables()
    {
        Tables?.Dispose();
        Tables = null;
    }

    public void Dispose() => DropTables();

    /// <summary>Keeps what a statement changed on a connection.</summary>
    public void Keep(ConnectionState before, ConnectionState after)
    {
        foreach (var name in before.Settings.Keys.Except(after.Settings.Keys)) _settings.Remove(name);
        foreach (var (name, value) in after.Settings.Where(setting => before.Settings.GetValueOrDefault(setting.Key) != setting.Value))
            if (name == "readonly") ReadOnly = true;
            else _settings[name] = value;
        if (after.Database != before.Database) Database = after.Database;
        if (!after.Roles.SequenceEqual(before.Roles)) Roles = after.Roles;
    }
}

/// <summary>What SET and USE change on a connection.</summary>
sealed record ConnectionState(IReadOnlyDictionary<string, string> Settings, string Database, IReadOnlyList<string> Roles)
{
    // Limits that the user set must not cut off what is asked for here.
    const string Unlimited =
        "SETTINGS limit = 0, offset = 0, max_rows_to_read = 0, max_result_rows = 0, max_bytes_to_read = 0, max_result_bytes = 0";

    public static ConnectionState Of(EngineSession connection) => new(
        connection.Rows($"SELECT name, value FROM system.settings WHERE changed {Unlimited}").ToDictionary(row => row[0], row => row[1]),
        connection.Rows($"SELECT currentDatabase() {Unlimited}").Single()[0],
        [.. connection.Rows($"SELECT arrayJoin(currentRoles()) {Unlimited}").Select(row => row[0])]);
}
