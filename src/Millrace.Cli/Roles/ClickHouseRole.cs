using System.Net;
using Millrace.Cli.Basics;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Supervision;
using Millrace.ClickHouse;
using Millrace.ClickHouse.Confining;
using Millrace.ClickHouse.Options;

namespace Millrace.Cli.Roles;

/// <summary><c>millrace run clickhouse</c>: the ClickHouse engine behind its HTTP interface, as a process.</summary>
static class ClickHouseRole
{
    /// <summary>Environment variable with the full path of libchdb.so; the launcher sets it.</summary>
    const string LibraryVariable = "MILLRACE_LIBCHDB";

    /// <summary>Full path of libchdb.so; null where nobody says so.</summary>
    public static string? Library => StandPaths.Variable(LibraryVariable) is { } path ? Path.GetFullPath(path) : null;

    /// <param name="kafkaPort">Of the broker that its queue tables read; null for any.</param>
    /// <param name="allowedFolders">Full paths of what <c>file()</c> may read and write beside the host's own.</param>
    public static async Task RunAsync(
        StandPaths paths, IPAddress listen, int port, int? kafkaPort, string[] allowedFolders, int queueTables, RoleLifetime lifetime)
    {
        var library = Library ?? throw new CliException(
            ExitCodes.CannotStart,
            $"{LibraryVariable} does not say where libchdb.so is: start with the launcher ./millrace, which fetches it.");
        // A supervisor starts it confined already.
        new Confinement(paths.ClickHouse, library, port, kafkaPort, allowedFolders).BeginAnew();
        using var loggers = RoleLoggerProvider.CreateFactory();
        var options = new ClickHouseOptions
        {
            DataDirectory = paths.ClickHouse,
            LibraryPath = library,
            ListenAddress = listen,
            Port = port,
            Password = ClickHousePassword.Default,
            KafkaTables = queueTables,
            FileFolders = Confinement.IsInForce ? allowedFolders : null,
        };
        await using var host = await ClickHouseHost.StartAsync(options, loggers, lifetime.Stopping);
        RoleOutput.TellWhatIsOpen(loggers, Exposure.Sentence(listen, null, host.Url.Port, ClickHousePassword.IsSet));
        RoleOutput.Ready(string.Join(", ", Exposure.EndPoints(listen, host.Url.Port).Select(endPoint => $"http://{endPoint}/")));
        await lifetime.UntilStoppedAsync();
    }
}
