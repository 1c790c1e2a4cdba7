using System.Text.Json;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>What users do with a stand that is up.</summary>
public sealed class RunningStandTests(RunningStandTests.SharedStand shared) : IClassFixture<RunningStandTests.SharedStand>
{
    Stand Stand => shared.Stand;

    [Theory]
    [InlineData("clicks_table")]
    [InlineData("views_table")]
    [InlineData("orders_table")]
    public Task Rows_arrive_in_every_table(string table) => Eventually.Holds(async () => await Stand.CountAsync(table) > 0, $"rows in {table}");

    [Fact]
    public async Task Rows_can_be_traced_to_their_records()
    {
        await Rows_arrive_in_every_table("orders_table");
        const string query =
            "SELECT kafka_topic, kafka_partition < 3 AND kafka_offset >= 0 AND inserted_at >= kafka_timestamp FROM orders_table LIMIT 1";
        Assert.Equal("orders\t1", await Stand.QueryAsync(query));
    }

    [Fact]
    public async Task Ps_shows_every_service_with_its_process()
    {
        var stand = (await Stand.RunAsync("ps", "--output", "json")).Expect(0).Json;
        Assert.Equal("running", stand.GetProperty("phase").GetString());
        var names = stand.GetProperty("services").EnumerateArray().Select(service => service.GetProperty("name").GetString());
        Assert.Equal(["broker", "clickhouse", "setup", "emitter", "page"], names);
        Assert.True((await Stand.ServiceAsync("broker")).GetProperty("rss_bytes").GetInt64() > 0);
    }

    [Theory]
    [InlineData("up -d")]
    [InlineData("up")]
    [InlineData("up --rate 200")]
    [InlineData("up -d --kafka-port 0 --clickhouse-port 0 --page-port 0 --acks -1")]
    public async Task A_second_up_that_asks_for_the_same_says_that_the_stand_is_up_and_succeeds(string command) =>
        Assert.Contains("is up already", (await Stand.RunAsync(command.Split(' '))).Expect(0).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("up --rate 201", "runs with --rate 200 instead of 201")]
    [InlineData("up -d --seed 3 --kafka-port 9092", "runs with --kafka-port 0 instead of 9092, without --seed")]
    [InlineData("up --kafka 127.0.0.1:1", "runs without --kafka")]
    public async Task A_second_up_that_asks_for_something_else_is_told_what_the_stand_runs_with(string command, string difference)
    {
        var refused = (await Stand.RunAsync(command.Split(' '))).Expect(4);
        Assert.Equal($"The stand on {Stand.Data} {difference}: stop it first with  {Launcher.Path} down\n", refused.Error);
    }

    [Fact]
    public async Task Topics_lists_the_three_topics_with_three_partitions_each()
    {
        var topics = (await Stand.RunAsync("topics", "--output", "json")).Expect(0).Json.EnumerateArray().ToList();
        Assert.Equal(["user_clicks", "orders", "page_views"], topics.Select(topic => topic.GetProperty("name").GetString()));
        Assert.All(topics, topic => Assert.Equal(3, topic.GetProperty("partitions").GetArrayLength()));
    }

    [Fact]
    public async Task Infer_proposes_the_definition_of_a_topic_from_its_last_records()
    {
        await Rows_arrive_in_every_table("orders_table");
        var proposed = (await Stand.RunAsync("streams", "infer", "orders", "--records", "30")).Expect(0).Output;
        Assert.Contains("\nstream: orders\ntopic: orders\ntable: orders_table\n", proposed, StringComparison.Ordinal);
        Assert.Contains("  - { name: event_time, type: DateTime64(3) }\n", proposed, StringComparison.Ordinal);
        Assert.Contains("neither a file nor a topic ordres", (await Stand.RunAsync("streams", "infer", "ordres")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_shows_clickhouses_group_with_a_committed_offset_for_every_partition()
    {
        await Eventually.Holds(async () =>
        {
            var groups = (await Stand.RunAsync("groups", "--output", "json")).Expect(0).Json.EnumerateArray();
            var group = groups.Single(group => group.GetProperty("group_id").GetString() == "clickhouse_router_group");
            var offsets = group.GetProperty("partitions").EnumerateArray().Select(partition => partition.GetProperty("committed_offset"));
            return offsets.Count(offset => offset.ValueKind == JsonValueKind.Number) == 9;
        }, "nine committed offsets");
    }

    [Fact]
    public async Task The_audit_is_clean_while_events_flow()
    {
        var totals = await Stand.TotalsAsync();
        Assert.Equal((0, 0L, 0L), (totals.ExitCode, totals.Missing, totals.StoredTwice));
    }

    [Fact]
    public async Task Ddl_has_nothing_to_do_after_setup() => Assert.Equal("[]\n", (await Stand.RunAsync("ddl", "--output", "json")).Expect(0).Output);

    [Fact]
    public async Task Restart_gives_a_service_a_new_process_and_keeps_the_others()
    {
        var (emitter, broker) = (await PidAsync("emitter"), await PidAsync("broker"));
        Assert.Equal("emitter: running\n", (await Stand.RunAsync("restart", "emitter")).Expect(0).Output);
        Assert.NotEqual(emitter, await PidAsync("emitter"));
        Assert.Equal(broker, await PidAsync("broker"));
    }

    [Fact]
    public async Task Logs_tells_what_a_service_said()
    {
        var lines = (await Stand.RunAsync("logs", "setup", "--output", "json")).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Equal("setup", JsonDocument.Parse(line).RootElement.GetProperty("service").GetString()));
        Assert.Single((await Stand.RunAsync("logs", "--tail", "1")).Expect(0).Output.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task The_log_of_clickhouse_holds_no_warning_of_a_kerberos_that_nobody_uses() =>
        Assert.DoesNotContain("kerberos", (await Stand.RunAsync("logs", "clickhouse")).Expect(0).Output, StringComparison.Ordinal);

    [Fact]
    public async Task Logs_with_follow_prints_what_comes_later()
    {
        using var follow = Launcher.Start(Stand.Data, ["logs", "emitter", "-f", "--tail", "0"]);
        try
        {
            using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            Assert.NotNull(await follow.StandardOutput.ReadLineAsync(late.Token));
        }
        finally
        {
            follow.Kill(entireProcessTree: true);
        }
    }

    [Theory]
    [InlineData("TabSeparated", "1\tx\n")]
    [InlineData("CSV", "1,\"x\"\n")]
    [InlineData("JSONEachRow", "{\"a\":1,\"b\":\"x\"}\n")]
    [InlineData("Values", "(1,'x')")]
    public async Task Sql_answers_in_any_format_of_clickhouse(string format, string answer) =>
        Assert.Equal(answer, (await Stand.RunAsync("sql", "--format", format, "SELECT 1 AS a, 'x' AS b")).Expect(0).Output);

    [Fact]
    public async Task Sql_takes_a_script_on_stdin_and_an_inserts_data()
    {
        await Stand.QueryAsync("CREATE TABLE IF NOT EXISTS insert_test (a UInt8, b String) ENGINE = Memory; TRUNCATE TABLE insert_test");
        (await Stand.RunWithInputAsync("1,x\n2,y\n", "sql", "INSERT INTO insert_test FORMAT CSV")).Expect(0);
        Assert.Equal("2\tx;y\n;\n", (await Stand.RunWithInputAsync("SELECT count(), 'x;y' FROM insert_test; SELECT ';'", "sql")).Expect(0).Output);
    }

    [Fact]
    public async Task Sql_passes_on_clickhouses_own_words_and_fails()
    {
        var refused = (await Stand.RunAsync("sql", "SELECT nonsense")).Expect(1);
        Assert.Equal("", refused.Output);
        Assert.StartsWith("Code: 47. DB::Exception", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_the_stand_holds_is_named_with_its_process_and_any_port_avoids_it()
    {
        var port = (await Stand.ServiceAsync("broker")).GetProperty("endpoint").GetString()!.Split(':')[1];
        await using var other = new Stand();
        var refused = (await other.RunAsync("up", "-d", "--kafka-port", port, "--clickhouse-port", "0", "--page-port", "0")).Expect(4);
        Assert.Contains($"Port {port} for the service broker is held by dotnet", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"(pid {await PidAsync("broker")})", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_any_port_two_stands_live_side_by_side()
    {
        var (kafka, clickHouse) = (await PortAsync(Stand, "broker"), await PortAsync(Stand, "clickhouse"));
        await using var other = new Stand();
        (await other.RunAsync("up", "-d", "--any-port", "--rate", "200", "--kafka-port", kafka, "--clickhouse-port", clickHouse, "--page-port", "0")).Expect(0);
        Assert.NotEqual((kafka, clickHouse), (await PortAsync(other, "broker"), await PortAsync(other, "clickhouse")));
        await other.QueryAsync("CREATE TABLE only_there (a UInt8) ENGINE = Memory");
        foreach (var stand in new[] { Stand, other }) await Eventually.Holds(async () => await stand.CountAsync("orders_table") > 0, "rows in each stand");
        Assert.Equal("0", await Stand.QueryAsync("EXISTS TABLE only_there"));
        (await other.RunAsync("down")).Expect(0);
        Assert.Equal("running", await Stand.StateOfAsync("clickhouse"));
    }

    [Theory]
    [InlineData("logs -f")]
    [InlineData("sql 'SELECT * FROM numbers(1000000000000)'")]
    public async Task A_command_ends_when_nobody_reads_on(string command)
    {
        string[] shell = ["-c", $"set -o pipefail; {Path.Combine(Repository.Root, "millrace")} {command} | head -n 1"];
        var start = new System.Diagnostics.ProcessStartInfo("bash", shell) { RedirectStandardOutput = true };
        start.Environment["MILLRACE_DATA"] = Stand.Data;
        using var process = System.Diagnostics.Process.Start(start)!;
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(late.Token);
        Assert.Equal(0, process.ExitCode);
        Assert.Single((await process.StandardOutput.ReadToEndAsync()).TrimEnd('\n').Split('\n'));
    }

    static async Task<string> PortAsync(Stand stand, string service) =>
        (await stand.ServiceAsync(service)).GetProperty("endpoint").GetString()!.TrimEnd('/').Split(':')[^1];

    async Task<int> PidAsync(string service)
    {
        await Stand.RunningAsync(service);
        return (await Stand.ServiceAsync(service)).GetProperty("pid").GetInt32();
    }

    public sealed class SharedStand : IAsyncLifetime
    {
        public Stand Stand { get; } = new();

        public Task InitializeAsync() => Stand.UpAsync("--rate", "200");

        public async Task DisposeAsync() => await Stand.DisposeAsync();
    }
}
