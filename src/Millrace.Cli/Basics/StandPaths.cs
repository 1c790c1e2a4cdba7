namespace Millrace.Cli.Basics;

/// <summary>Where a stand keeps what: one record per data directory. Immutable.</summary>
/// <param name="Data">Full path of the data directory.</param>
/// <param name="Streams">Full path of the folder with the stream definitions.</param>
sealed record StandPaths(string Data, string Streams)
{
    public const string StreamsVariable = "MILLRACE_STREAMS";

    /// <summary>The name of the data directory in the checkout.</summary>
    public const string DefaultFolder = ".millrace";

    public const string LockName = "supervisor.lock";

    /// <summary>
    /// Every name that a stand uses in its data directory, what a killed process leaves behind too. The lock file is the last to go.
    /// </summary>
    public static readonly IReadOnlyList<string> Entries =
    [
        "broker", "clickhouse", "logs", "sql_history", "sql_history.incoming", "state.json", "state.json.incoming", "control.sock",
        "control.bind", "ports.json", "ports.json.incoming", "page_token", "page_token.incoming", LockName,
    ];

    public string State => Path.Combine(Data, "state.json");
    public string Lock => Path.Combine(Data, LockName);
    public string Logs => Path.Combine(Data, "logs");
    public string Ports => Path.Combine(Data, "ports.json");
    public string Broker => BrokerIn(Data);
    public string ClickHouse => ClickHouseIn(Data);
    public string PageToken => Path.Combine(Data, "page_token");
    public string History => Path.Combine(Data, "sql_history");

    public string Socket => Path.Combine(Data, "control.sock");

    public static string BrokerIn(string data) => Path.Combine(data, "broker");

    public static string ClickHouseIn(string data) => Path.Combine(data, "clickhouse");

    public string LogOf(string service) => Path.Combine(Logs, service + ".log");

    /// <summary>The paths of this command: options first, then MILLRACE_DATA and MILLRACE_STREAMS, then the checkout.</summary>
    public static StandPaths Find(string? data, string? streams) => new(
        Path.GetFullPath(data ?? Variable("MILLRACE_DATA") ?? Path.Combine(Home, DefaultFolder)),
        Path.GetFullPath(streams ?? Variable(StreamsVariable) ?? Shipped));

    /// <summary>Full path of the definitions that Millrace ships, in the checkout.</summary>
    public static string Shipped => Path.GetFullPath(Path.Combine(Home, "streams"));

    /// <summary>The checkout: told by the launcher, or the first folder above the program that holds streams/.</summary>
    static string Home => Variable("MILLRACE_HOME") ?? FolderWithStreams(AppContext.BaseDirectory) ?? Environment.CurrentDirectory;

    /// <summary>An empty variable counts as none, as compose files leave them.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    static string? FolderWithStreams(string? start)
    {
        for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
            if (Directory.Exists(Path.Combine(folder, "streams"))) return folder;
        return null;
    }
}
