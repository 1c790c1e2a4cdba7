using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Commands;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Supervision;
using Millrace.Cli.Tests.Supervision;
using Millrace.Testing;

namespace Millrace.Cli.Tests.CommandLine;

/// <summary>Which servers a command speaks to.</summary>
[Collection(LocksCollection.Name)]
public sealed class InvocationTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    StandPaths Paths => new(_directory.Path, "/streams");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("MILLRACE_PROFILE", null);
        _directory.Dispose();
    }

    /// <summary>Something else may listen on the ports that a stand has unless told otherwise.</summary>
    [Theory]
    [InlineData("topics", "the Kafka to ask with --kafka HOST:PORT")]
    [InlineData("groups", "the Kafka to ask with --kafka HOST:PORT")]
    [InlineData("sql DROP", "the ClickHouse to ask with --clickhouse URL")]
    [InlineData("audit", "the servers to ask with --kafka HOST:PORT and --clickhouse URL")]
    [InlineData("audit --kafka 127.0.0.1:1", "the ClickHouse to ask with --clickhouse URL")]
    [InlineData("audit --clickhouse http://127.0.0.1:1/", "the Kafka to ask with --kafka HOST:PORT")]
    [InlineData("ddl --clickhouse http://127.0.0.1:1/", "the Kafka to ask with --kafka HOST:PORT")]
    [InlineData("run setup --kafka 127.0.0.1:1", "the ClickHouse to ask with --clickhouse URL")]
    [InlineData("run emitter", "the Kafka to ask with --kafka HOST:PORT")]
    public async Task Without_a_stand_a_server_that_nobody_named_is_refused_and_not_guessed(string command, string missing)
    {
        var refused = await Assert.ThrowsAsync<CliException>(() => RunAsync(command));
        var sentence = $"No stand is up on {Paths.Data}: start one with  millrace up --data {Paths.Data}, or name {missing}";
        Assert.Equal((ExitCodes.NotRunning, sentence), (refused.ExitCode, refused.Message));
    }

    [Theory]
    [InlineData("ps", ExitCodes.NotRunning)]
    [InlineData("down", ExitCodes.Success)]
    [InlineData("logs", ExitCodes.Success)]
    public async Task A_profile_that_cannot_be_read_does_not_block_what_asks_no_server(string command, int exitCode)
    {
        Environment.SetEnvironmentVariable("MILLRACE_PROFILE", "/nowhere.yaml");
        Assert.Equal(exitCode, await RunAsync(command));
    }

    [Fact]
    public void What_the_user_names_is_asked_before_the_stand()
    {
        Up(new ServiceStatus("broker", ServiceState.Running, ProcessIdentity.Current, default, 0, null, null));
        Assert.Equal(("h:1", "http://127.0.0.1:2/"), Addresses(Invocation("audit --kafka h:1").Endpoints(Servers.Both)));
        Assert.Equal(("127.0.0.1:1", "http://127.0.0.1:2/"), Addresses(Invocation("audit").Endpoints(Servers.Both)));
    }

    [Fact]
    public void The_password_of_the_stands_profile_is_for_the_stands_servers()
    {
        var profile = _directory.Sub("profile.yaml");
        File.WriteAllText(profile, "clickhouse:\n  url: http://127.0.0.1:2/\n  user: me\n  password: secret\n");
        Up(null, profile);
        Assert.Equal("secret", Invocation("sql").Endpoints(Servers.ClickHouse).ClickHousePassword);
        Assert.Equal("", Invocation("sql --clickhouse http://127.0.0.1:3/").Endpoints(Servers.ClickHouse).ClickHousePassword);
    }

    [Theory]
    [InlineData("up -d")]
    [InlineData("up")]
    public async Task A_stand_that_is_up_on_a_Kafka_of_somebody_else_is_up_already_for_who_does_not_name_it(string command)
    {
        using var dataLock = DataDirectoryLock.TryTake(Paths);
        Up(null, kafka: "kafka.example:9092");
        Assert.Equal(ExitCodes.Success, await RunAsync(command));
    }

    [Fact]
    public async Task Of_a_killed_supervisor_it_says_so()
    {
        Up(null, supervisor: new ProcessIdentity(1, -1));
        var refused = await Assert.ThrowsAsync<CliException>(() => RunAsync("sql DROP"));
        Assert.StartsWith(
            $"The supervisor of the stand on {Paths.Data} was killed, and its services end by themselves: "
            + $"bring it up again with  millrace up --data {Paths.Data}",
            refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_with_what_its_supervisor_knows()
    {
        Up(new ServiceStatus("clickhouse", ServiceState.Restarting, null, TimeProvider.System.GetUtcNow(), 1, null, "killed (SIGKILL)"));
        var refused = await Assert.ThrowsAsync<CliException>(() => RunAsync("sql DROP"));
        Assert.Equal(ExitCodes.NotRunning, refused.ExitCode);
        Assert.Matches("^clickhouse is restarting: killed \\(SIGKILL\\) \\d+ s ago, see  millrace ps$", refused.Message);
    }

    [Fact]
    public void Each_state_of_a_service_has_its_sentence()
    {
        var now = DateTimeOffset.UnixEpoch.AddSeconds(100);
        string? Sentence(ServiceState state, string? lastExit, int seconds, ProcessIdentity? process = null) =>
            ServerTrouble.Sentence(new ServiceStatus("broker", state, process, now.AddSeconds(-seconds), 1, null, lastExit), now);
        Assert.Equal(
            "broker is restarting: killed (SIGKILL) 2 s ago, see  millrace ps", Sentence(ServiceState.Restarting, "killed (SIGKILL)", 2));
        Assert.Equal("broker is starting: see  millrace ps", Sentence(ServiceState.Starting, null, 2));
        Assert.Equal("broker is starting (killed (SIGKILL)): see  millrace ps", Sentence(ServiceState.Starting, "killed (SIGKILL)", 2));
        Assert.Equal("broker has failed (exit code 4): see  millrace logs broker", Sentence(ServiceState.Failed, "exit code 4", 2));
        Assert.Equal(
            "broker died this very moment and is about to restart: see  millrace ps",
            Sentence(ServiceState.Running, null, 2, new ProcessIdentity(1, -1)));
        Assert.Equal(
            "broker came back 2 s ago (killed (SIGKILL)) and gave no answer meanwhile: try again",
            Sentence(ServiceState.Running, "killed (SIGKILL)", 2, ProcessIdentity.Current));
        Assert.Null(Sentence(ServiceState.Running, "killed (SIGKILL)", 60, ProcessIdentity.Current));
    }

    static (string, string) Addresses(Millrace.Streams.StandEndpoints endpoints) => (endpoints.Kafka, $"{endpoints.ClickHouse}");

    /// <summary>A stand whose ClickHouse is a port that nobody listens on.</summary>
    void Up(ServiceStatus? service, string? profile = null, ProcessIdentity? supervisor = null, string kafka = "127.0.0.1:1") =>
        new StateFile(Paths.State).Write(new StandState(
            supervisor ?? ProcessIdentity.Current, StandPhase.Running, default, kafka, new Uri("http://127.0.0.1:2/"), "/streams",
            service is null ? [] : [service])
        {
            Profile = profile,
        });

    Invocation Invocation(string commandLine)
    {
        var options = new GlobalOptions();
        var root = new System.CommandLine.RootCommand { new System.CommandLine.Command("audit"), new System.CommandLine.Command("sql") };
        options.AddTo(root);
        return Cli.CommandLine.Invocation.From(root.Parse([.. commandLine.Split(' '), "--data", Paths.Data]), options);
    }

    Task<int> RunAsync(string command) => MillraceCommand.Parse([.. command.Split(' '), "--data", Paths.Data])
        .InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
