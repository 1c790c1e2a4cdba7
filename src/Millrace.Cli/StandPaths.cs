using System.Security.Cryptography;
using System.Text;

namespace Millrace.Cli;

/// <summary>Where a stand keeps what: one record per data directory. Immutable.</summary>
/// <param name="Data">Full path of the data directory.</param>
/// <param name="Streams">Full path of the folder with the stream definitions.</param>
sealed record StandPaths(string Data, string Streams)
{
    public const string StreamsVariable = "MILLRACE_STREAMS";

    public string State => Path.Combine(Data, "state.json");
    public string Lock => Path.Combine(Data, "supervisor.lock");
    public string Logs => Path.Combine(Data, "logs");
    public string Broker => Path.Combine(Data, "broker");
    public string ClickHouse => Path.Combine(Data, "clickhouse");
    public string SqlHistory => Path.Combine(Data, "sql_history");

    public string Socket => Path.Combine(Data, "control.sock");

    /// <summary>The socket where the data directory can't hold one.</summary>
    public string TemporarySocket => Path.Combine(Path.GetTempPath(), $"millrace-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Data)).AsSpan(0, 8))}.sock");

    public string LogOf(string service) => Path.Combine(Logs, service + ".log");

    /// <summary>The paths of this command: options first, then MILLRACE_DATA and MILLRACE_STREAMS, then the checkout.</summary>
    public static StandPaths Find(string? data, string? streams) => new(
        Path.GetFullPath(data ?? Variable("MILLRACE_DATA") ?? Path.Combine(Home, ".millrace")),
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
