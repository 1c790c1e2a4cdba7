using System.Text;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Native;
using Millrace.ClickHouse.Options;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Embedding;

/// <summary>
/// The one owner of libchdb in this process: boots the engine, hands out sessions, stops it. The engine lives as long as a
/// connection does, so one is held open for nothing else. Thread-safe.
/// </summary>
sealed class Engine : IDisposable
{
    readonly string _path;
    readonly SealedFile _config;
    readonly ConnectionHandle _anchor;

    Engine(string path, FilePaths? files, SealedFile config, ConnectionHandle anchor)
    {
        _path = path;
        _config = config;
        Files = files;
        _anchor = anchor;
        using var session = Open();
        (Version, TimeZone) = ReadIdentity(session);
        session.Execute(AsSent.DefineView(TagSetting));
        OwnSettings = session.Rows("SELECT name, value FROM system.settings WHERE changed").ToDictionary(row => row[0], row => row[1]);
    }

    public string Version { get; }

    public string TimeZone { get; }

    /// <summary>What <c>file()</c> may open; null where it is closed.</summary>
    public FilePaths? Files { get; }

    /// <summary>Boots the engine: databases and tables below the path are loaded, and queue tables start to consume. Blocks.</summary>
    /// <exception cref="ClickHouseStartException">The library does not load, or the engine refuses the directory.</exception>
    public static Engine Start(ClickHouseOptions options)
    {
        LibraryLoader.Load(options.LibraryPath);
        Libchdb.SetSignalHandlersEnabled(0);
        var config = ClickHouseConfigFile.Write(options);
        var path = Path.Combine(options.DataDirectory, "data");
        var anchor = SuspensionSignal.Keep(() => ConnectionHandle.Open("clickhouse", $"--path={path}", $"--config-file={config.Path}"));
        var files = options.FileFolders is { } folders ? new FilePaths(options.DataDirectory, folders) : null;
        if (!anchor.IsInvalid) return new Engine(path, files, config, anchor);
        config.Dispose();
        throw new ClickHouseStartException(
            $"ClickHouse does not start on {path}: its reason stands above; move the directory away to start with an empty one.");
    }

    /// <summary>Settings of a new connection that differ from ClickHouse's defaults.</summary>
    public IReadOnlyDictionary<string, string> OwnSettings { get; }

    /// <param name="tag">Found again in system.processes by <see cref="Kill"/>; at most one running query should carry it.</param>
    public EngineSession Open(string? tag = null)
    {
        // The engine's own default for implicit_select would take "SELEC" for the name of a column; a server answers with a syntax error.
        var connection = ConnectionHandle.Open("clickhouse", $"--path={_path}", "--implicit_select=0", $"--{TagSetting}={tag}");
        if (!connection.IsInvalid) return new EngineSession(connection);
        throw new EngineException(ErrorCodes.UnknownException, "UNKNOWN_EXCEPTION", "The engine opens no connection.");
    }

    /// <summary>Asks the query with this tag to stop. It ends some time later, with QUERY_WAS_CANCELLED.</summary>
    public void Kill(string tag)
    {
        using var session = Open();
        session.Execute($"KILL QUERY WHERE {TaggedAs(tag)} ASYNC");
    }

    /// <summary>
    /// The C API can't set a query's id, so it travels in a String setting without effect outside the promql dialect;
    /// system.processes shows it.
    /// </summary>
    public const string TagSetting = "promql_table";

    static string TaggedAs(string tag) => $"Settings['{TagSetting}'] = {SqlText.Literal(tag)}";

    public void Dispose()
    {
        _anchor.Dispose();
        _config.Dispose();
    }

    /// <summary>
    /// Instead of <see cref="Dispose"/>, for an engine that does not stop: it runs on until the process ends. An ordinary end runs the
    /// library's static destructors under its own threads, which crash on that (exit code 139 or 134 instead of what the program returns),
    /// so the process ends without them.
    /// </summary>
    public void LeaveRunning() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Libc.ExitAtOnce(Environment.ExitCode);

    static (string Version, string TimeZone) ReadIdentity(EngineSession session)
    {
        var fields = Encoding.UTF8.GetString(session.Execute("SELECT version(), timezone()").Data).TrimEnd('\n').Split('\t');
        return (fields[0], fields[1]);
    }
}
