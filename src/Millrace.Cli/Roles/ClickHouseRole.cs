using System.Net;
using Millrace.ClickHouse;

namespace Millrace.Cli.Roles;

/// <summary><c>millrace run clickhouse</c>: the ClickHouse engine behind its HTTP interface, as a process.</summary>
static class ClickHouseRole
{
    /// <summary>Environment variable with the full path of libchdb.so; the launcher sets it.</summary>
    const string LibraryVariable = "MILLRACE_LIBCHDB";

    public static async Task RunAsync(StandPaths paths, IPAddress listen, int port, RoleLifetime lifetime)
    {
        var library = Environment.GetEnvironmentVariable(LibraryVariable)
            ?? throw new CliException(ExitCodes.CannotStart, $"{LibraryVariable} does not say where libchdb.so is: start with the launcher ./millrace, which fetches it.");
        using var loggers = RoleLoggerProvider.CreateFactory();
        var options = new ClickHouseOptions { DataDirectory = paths.ClickHouse, LibraryPath = library, ListenAddress = listen, Port = port, Password = ClickHousePassword.Default };
        await using var host = await ClickHouseHost.StartAsync(options, loggers, lifetime.Stopping);
        RoleOutput.TellWhatIsOpen(loggers, Exposure.Sentence(listen, null, host.Url.Port, ClickHousePassword.IsSet));
        RoleOutput.Ready(string.Join(", ", Exposure.EndPoints(listen, host.Url.Port).Select(endPoint => $"http://{endPoint}/")));
        await lifetime.UntilStoppedAsync();
    }
}
