using System.Net;
using Millrace.Cli.Basics;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Tests.Supervision;

public sealed class StandPlanTests
{
    [Theory]
    [InlineData("http://192.0.2.1:8123/", "127.0.0.1", "127.0.0.1")]
    [InlineData("http://clickhouse.example.com:8123/", "0.0.0.0", "127.0.0.1")]
    [InlineData("http://192.0.2.1:8123/", "::1", "::1")]
    public void A_ClickHouse_elsewhere_that_cannot_reach_our_broker_is_refused(string clickHouse, string listen, string broker)
    {
        var refused = Assert.Throws<CliException>(() => StandPlan.For(Options(clickHouse, listen)));
        var sentence = $"ClickHouse on {new Uri(clickHouse).Host} can't reach our own broker on {broker}: name the address of this machine that it reaches with --listen ADDRESS, or a Kafka that it reaches with --kafka.";
        Assert.Equal((ExitCodes.Usage, sentence), (refused.ExitCode, refused.Message));
    }

    [Fact]
    public void A_ClickHouse_here_or_a_Kafka_that_somebody_else_runs_is_not()
    {
        Assert.Equal("setup", StandPlan.For(Options("http://192.0.2.1:8123/", "127.0.0.1") with { Kafka = "192.0.2.1:9092" }).Services[0].Name);
        Assert.Equal("broker", StandPlan.For(Options("http://localhost:8123/", "127.0.0.1")).Services[0].Name);
    }

    [Fact]
    public void Setup_is_told_who_the_stand_is()
    {
        var options = Options("http://192.0.2.1:8123/", "127.0.0.1") with
        {
            Kafka = "192.0.2.1:9092",
            Identity = new("shop", "shop_router"),
        };
        Assert.Equal(["--stand", "shop", "--group", "shop_router"], StandPlan.For(options).Services[0].Arguments.TakeLast(4));
    }

    static StandOptions Options(string clickHouse, string listen) =>
        new() { Paths = new StandPaths("/data", "/streams"), ClickHouse = new Uri(clickHouse), Listen = IPAddress.Parse(listen), KafkaPort = 0 };
}
