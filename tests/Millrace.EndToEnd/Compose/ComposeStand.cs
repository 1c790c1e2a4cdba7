using System.Globalization;
using Millrace.Testing;

namespace Millrace.EndToEnd.Compose;

/// <summary>
/// The stand of docker-compose.yml, the file as it is, with the ports it publishes, as a project of its own. Where the image of ClickHouse server can't be
/// had, our own ClickHouse host stands in under its name (ClickHouseStandIn/Dockerfile); the image that stood in goes again at the end.
/// </summary>
public sealed class ComposeStand : IAsyncLifetime
{
    const string Project = "millrace-compose-test";

    bool _stoodIn;

    static string ClickHouseImage => DotEnv.Settings["CLICKHOUSE_IMAGE"].Value;

    public async Task InitializeAsync()
    {
        if (ContainerEngine.Missing is not null) return;
        (await ComposeAsync("down", "-v")).Expect(0);
        (await ComposeAsync("build", "-q")).Expect(0);
        if ((await DockerAsync("image", "inspect", ClickHouseImage)).ExitCode != 0) await StandInAsync();
    }

    public async Task DisposeAsync()
    {
        if (ContainerEngine.Missing is not null) return;
        await ComposeAsync("down", "-v");
        if (_stoodIn) await DockerAsync("rmi", ClickHouseImage);
    }

    internal async Task UpAsync() => (await ComposeAsync("up", "-d")).Expect(0);

    internal static Task<CommandResult> ComposeAsync(params string[] arguments) =>
        ContainerEngine.RunAsync(Repository.Root, [.. ContainerEngine.Compose, "-p", Project, .. arguments]);

    internal static Task<CommandResult> DockerAsync(params string[] arguments) => ContainerEngine.RunAsync(Repository.Root, ["docker", .. arguments]);

    /// <summary>Runs a command in a service's container, as docker compose exec does for a user.</summary>
    internal static Task<CommandResult> ExecAsync(string service, params string[] command) => ComposeAsync(["exec", "-T", service, .. command]);

    internal static async Task<long> CountAsync(string table)
    {
        var count = await ExecAsync("clickhouse-server", "clickhouse-client", "--query", $"SELECT count() FROM {table}");
        return long.Parse(count.Expect(0).Output, CultureInfo.InvariantCulture);
    }

    internal static Task<long> MoreThanAsync(string table, long rows) =>
        Eventually.Gives(() => CountAsync(table), count => count > rows, $"more than {rows} rows in {table}");

    /// <summary>The audit, as a command of the image of ours.</summary>
    internal static async Task<StandTotals> TotalsAsync()
    {
        var audit = await ExecAsync("event-emitter", "millrace", "audit", "--output", "json");
        Assert.True(audit.ExitCode is 0 or 1, audit.Error);
        return StandTotals.Of(audit.ExitCode, audit.Json);
    }

    /// <summary>kill -9 from outside: the engine takes it for a crash, which docker kill is not.</summary>
    internal static async Task CrashAsync(string service)
    {
        var container = (await ComposeAsync("ps", "-q", service)).Expect(0).Output.Trim();
        var state = (await DockerAsync("inspect", "-f", "{{.State.Pid}} {{.RestartCount}}", container)).Expect(0).Output.Trim().Split(' ');
        await Launcher.SignalAsync(int.Parse(state[0], CultureInfo.InvariantCulture), "KILL");
        await Eventually.Holds(IsBackAsync, $"{service} is restarted and healthy", TimeSpan.FromMinutes(2));

        async Task<bool> IsBackAsync()
        {
            var now = (await DockerAsync("inspect", "-f", "{{.RestartCount}} {{.State.Health.Status}}", container)).Output.Trim();
            return now != $"{state[1]} healthy" && now.EndsWith(" healthy", StringComparison.Ordinal);
        }
    }

    async Task StandInAsync()
    {
        using var context = new TemporaryDirectory();
        var folder = Path.Combine(Repository.Root, "tests/Millrace.EndToEnd/Compose/ClickHouseStandIn");
        foreach (var file in Directory.GetFiles(folder)) File.Copy(file, context.Sub(Path.GetFileName(file)));
        File.Copy(Library, context.Sub("libchdb.so"));
        (await DockerAsync("build", "-q", "-t", ClickHouseImage, "--build-arg", "MILLRACE_IMAGE=millrace:local", context.Path)).Expect(0);
        _stoodIn = true;
    }

    /// <summary>Where ./millrace up puts it.</summary>
    static string Library => Environment.GetEnvironmentVariable("MILLRACE_LIBCHDB")
        ?? Directory.GetFiles(Path.Combine(Home, ".cache/millrace/libchdb"), "libchdb.so", SearchOption.AllDirectories).Order().Last();

    static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
}
