using System.CommandLine;
using System.Net;
using System.Text.Json;
using Confluent.Kafka;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Roles;
using Millrace.Cli.Services;
using Millrace.Cli.Supervision;
using Millrace.Streams.Events;

namespace Millrace.Cli.Tests.Services;

public sealed class StandPartsTests
{
    [Theory]
    [InlineData("http://192.0.2.1:8123/", "127.0.0.1", "127.0.0.1")]
    [InlineData("http://clickhouse.example.com:8123/", "0.0.0.0", "127.0.0.1")]
    [InlineData("http://192.0.2.1:8123/", "::1", "::1")]
    public void A_ClickHouse_elsewhere_that_cannot_reach_our_broker_is_refused(string clickHouse, string listen, string broker)
    {
        var refused = Assert.Throws<CliException>(() => For(Options(clickHouse, listen)));
        var sentence = $"ClickHouse on {new Uri(clickHouse).Host} can't reach our own broker on {broker}: name the address of this machine "
            + "that it reaches with --listen ADDRESS, or a Kafka that it reaches with --kafka.";
        Assert.Equal((ExitCodes.Usage, sentence), (refused.ExitCode, refused.Message));
    }

    [Fact]
    public void A_ClickHouse_here_or_a_Kafka_that_somebody_else_runs_is_not()
    {
        Assert.Equal("setup", For(Options("http://192.0.2.1:8123/", "127.0.0.1") with { Kafka = "192.0.2.1:9092" }).Services[0].Name);
        Assert.Equal("broker", For(Options("http://localhost:8123/", "127.0.0.1")).Services[0].Name);
    }

    [Fact]
    public void Setup_is_told_who_the_stand_is()
    {
        var options = Options("http://192.0.2.1:8123/", "127.0.0.1") with
        {
            Kafka = "192.0.2.1:9092",
            Identity = new("shop", "shop_router"),
        };
        var job = JsonSerializer.Deserialize(Launch(For(options), "setup", State).Job!, SetupJobJson.Default.SetupJob)!;
        Assert.Equal(options.Identity, job.Endpoints.Identity);
    }

    [Fact]
    public void What_the_user_wants_of_the_emitter_reaches_it_as_it_was_parsed()
    {
        var wanted = new EmitterOptions
        {
            MessagesPerSecond = 5,
            Acks = Acks.Leader,
            Compression = CompressionType.Zstd,
            Seed = -3,
            Events = 7,
            Shares = new EventShares(Late: 0.5, Malformed: 0.05),
        };
        var options = Options("http://192.0.2.1:8123/", "127.0.0.1") with { Kafka = "192.0.2.1:9092" };
        var plan = For(options, "--page-port 0 --rate 5 --acks 1 --compression zstd --seed -3 --events 7 --late .5 --malformed 0.05");
        Assert.True(plan.EmitterEnds);
        var job = JsonSerializer.Deserialize(Launch(plan, "emitter", State).Job!, EmitterJobJson.Default.EmitterJob)!;
        Assert.Equal(wanted, job.Options);
        Assert.Equal("192.0.2.1:9092", job.Endpoints.Kafka);
    }

    [Fact]
    public void A_profile_reaches_the_emitter_begins_once_and_is_ended_by_a_rate()
    {
        var options = Options("http://192.0.2.1:8123/", "127.0.0.1") with { Kafka = "192.0.2.1:9092" };
        var plan = For(options, "--page-port 0 --rate-profile \"sine 5..50 over 24h\"");
        Assert.Equal(new EmitterLoad(null, "sine 5..50 over 24h"), plan.Load);
        var first = JobOf(State with { Load = plan.Load });
        Assert.Equal("sine 5..50 over 24h", first.Options.RateProfile);
        Assert.Equal(first.ProfileBegan, JobOf(State with { Load = plan.Load }).ProfileBegan);
        var ended = JobOf(State with { Load = new EmitterLoad(77) });
        Assert.Equal((77, null), (ended.Options.MessagesPerSecond, ended.Options.RateProfile));

        EmitterJob JobOf(StandState stand) =>
            JsonSerializer.Deserialize(Launch(plan, "emitter", stand).Job!, EmitterJobJson.Default.EmitterJob)!;
    }

    [Fact]
    public void A_rate_beside_a_profile_is_refused_in_a_sentence()
    {
        var options = Options("http://192.0.2.1:8123/", "127.0.0.1") with { Kafka = "192.0.2.1:9092" };
        var refused = Assert.Throws<CliException>(() => For(options, "--rate 5 --rate-profile \"sine 5..50 over 24h\""));
        Assert.Equal("--rate-profile says what the rate is at each moment: leave out --rate, or the profile", refused.Message);
        var wrong = Assert.Throws<CliException>(() => For(options, "--rate-profile \"sine 5\""));
        Assert.StartsWith("--rate-profile is 'sine 5'; it must be sine A..B over TIME, as in ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_may_take_the_port_of_last_time_first_then_the_wanted_one_then_a_free_one()
    {
        var last = new Dictionary<string, TakenPort> { ["broker"] = new(9092, 41234), ["clickhouse"] = new(8124, 41235) };
        var plan = For(new StandOptions { Paths = new StandPaths("/data", "/streams"), AnyPort = true }, "", last);
        var broker = JsonSerializer.Deserialize(Launch(plan, "broker", State with { Ports = None }).Job!, BrokerJobJson.Default.BrokerJob)!;
        Assert.Equal((41234, 9092), (broker.Port, broker.OtherPorts[0]));
        Assert.Equal(5, broker.OtherPorts.Count);
        // Last time another one was wanted.
        var brokerIsUp = State with { Ports = new Dictionary<string, int> { ["broker"] = 9092 } };
        var clickHouse = JsonSerializer.Deserialize(Launch(plan, "clickhouse", brokerIsUp).Job!, ClickHouseJobJson.Default.ClickHouseJob)!;
        Assert.Equal(8123, clickHouse.Port);
    }

    [Fact]
    public void A_server_that_comes_back_takes_the_port_that_clients_know()
    {
        var plan = For(new StandOptions { Paths = new StandPaths("/data", "/streams"), AnyPort = true }, "");
        var broker = JsonSerializer.Deserialize(Launch(plan, "broker", State).Job!, BrokerJobJson.Default.BrokerJob)!;
        Assert.Equal(9092, broker.Port);
        Assert.Empty(broker.OtherPorts);
        var clickHouse = JsonSerializer.Deserialize(Launch(plan, "clickhouse", State).Job!, ClickHouseJobJson.Default.ClickHouseJob)!;
        Assert.Equal((8123, 9092), (clickHouse.Port, clickHouse.KafkaPort));
        Assert.Empty(clickHouse.OtherPorts);
    }

    [Fact]
    public void Whoever_is_told_where_a_server_is_waits_until_that_is_known()
    {
        var options = new StandOptions { Paths = new StandPaths("/data", "/streams") };
        var plan = For(options, "--kafka-port 0 --clickhouse-port 0 --page-port 0");
        var needs = plan.Services.Select(service => (service.Name, string.Join(' ', service.Needs)));
        Assert.Equal([("broker", ""), ("clickhouse", "broker"), ("setup", "broker clickhouse"), ("emitter", "setup"), ("page", "emitter")], needs);
    }

    static readonly StandState State = new(
        ProcessIdentity.Current, StandPhase.Starting, default, "127.0.0.1:9092", new Uri("http://127.0.0.1:8123/"), "/streams", [])
    {
        Ports = new Dictionary<string, int> { ["broker"] = 9092, ["clickhouse"] = 8123 },
    };

    static readonly Dictionary<string, int> None = [];

    /// <param name="line">What stands on the command line of <c>up</c>, of its services' options.</param>
    static StandPlan For(StandOptions options, string line = "--kafka-port 0 --page-port 0", Dictionary<string, TakenPort>? last = null)
    {
        var parts = new StandParts();
        var up = new Command("up");
        foreach (var part in parts.All)
            foreach (var option in part.Port is { } port ? part.Options.Prepend(port) : part.Options) up.Add(option);
        return parts.Plan(options, up.Parse(line), last ?? []);
    }

    static ServiceLaunch Launch(StandPlan plan, string service, StandState stand) =>
        plan.Services.Single(spec => spec.Name == service).Launch(stand with { Kafka = plan.Kafka ?? stand.Kafka });

    static StandOptions Options(string clickHouse, string listen) =>
        new() { Paths = new StandPaths("/data", "/streams"), ClickHouse = new Uri(clickHouse), Listen = IPAddress.Parse(listen) };
}
