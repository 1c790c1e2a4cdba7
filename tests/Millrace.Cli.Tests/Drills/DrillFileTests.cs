using Millrace.Cli.Documents;
using Millrace.Cli.Drills;
using Millrace.Streams.Definition;

namespace Millrace.Cli.Tests.Drills;

public sealed class DrillFileTests
{
    static readonly string[] Services = ["broker", "clickhouse"];

    [Fact]
    public void A_file_says_what_a_command_line_can_and_takes_the_same_where_it_says_nothing()
    {
        var plan = Read("""
            rate: 500
            within: 1m
            steps:
              - { drill: kill, service: clickhouse, times: 3, every: 2s }
              - { drill: pause, service: broker, for: 500ms, wait: 3s }
              - { drill: burst, events: 9000 }
              - drill: poison
              - drill: partition
              - { drill: disk-full, for: 4s }
              - { drill: clock, for: 4s }
            """);
        Assert.Equal(("run week.yaml", 500, TimeSpan.FromMinutes(1)), (plan.Name, plan.EventsPerSecond, plan.Within));
        Assert.Equal(
            [
                new DrillStep(new KillStrike("clickhouse"), 3, TimeSpan.FromSeconds(2), TimeSpan.Zero),
                new DrillStep(
                    new PauseStrike("broker", TimeSpan.FromMilliseconds(500)), 1, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3)),
                Once(new BurstStrike(9000, TimeSpan.FromSeconds(10))),
                Once(new PoisonStrike(0.05, TimeSpan.FromSeconds(10))),
                Once(new PartitionStrike(TimeSpan.FromSeconds(20))),
                Once(new DiskFullStrike(TimeSpan.FromSeconds(4))),
                Once(new ClockStrike(TimeSpan.FromSeconds(4))),
            ],
            plan.Steps);
    }

    [Theory]
    [InlineData("steps: [{ drill: partitoin }]", "column 18: drill: 'partitoin' is no drill (did you mean 'partition'?)")]
    [InlineData("steps: [{ drill: kill, service: clickhuose }]", "no service is called 'clickhuose' (did you mean 'clickhouse'?)")]
    [InlineData("steps: [{ drill: kill }]", "service: is missing; add it")]
    [InlineData("steps: [{ drill: kill, service: broker, for: 5s }]", "for: is not a field of drill kill; the fields are")]
    [InlineData("steps: [{ drill: clock, tims: 5 }]", "tims: is not a field of a step (did you mean 'times'?)")]
    [InlineData("steps: [{ drill: clock, for: soon }]", "for: 'soon' is not a time up to a day, such as 500ms, 30s or 2m")]
    [InlineData("steps: [{ drill: clock, for: 0s }]", "for: '0s' is not a time up to a day")]
    [InlineData("steps: [{ drill: clock, times: 0 }]", "times: '0' is not a whole number from 1 to 10000")]
    [InlineData("steps: [{ drill: poison, share: 5% }]", "share: '5%' is not a number from 0 to 1")]
    [InlineData("rate: 500", "steps: is missing; add it")]
    [InlineData("", "the file is empty")]
    [InlineData("steps: [{ drill: clock }]\n---\nsteps: []", "a file of drills is one document")]
    public void What_is_wrong_is_said_with_its_place_and_the_nearest_right_word(string text, string sentence)
    {
        var refused = Assert.Throws<StreamDefinitionException>(() => Read(text));
        Assert.Matches("^week.yaml, line [1-3], column ", refused.Message);
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_a_broker_of_ours_can_do_is_refused_for_another()
    {
        var stand = new StandState(ProcessIdentity.Current, StandPhase.Running, default, "k:1", new Uri("http://h:1/"), "/streams", []);
        Assert.Equal(
            "drill partition is done by the stand's own broker, and Kafka at k:1 is not its own.",
            new PartitionStrike(TimeSpan.FromSeconds(1)).Refusal(stand));
        Assert.NotNull(new DiskFullStrike(TimeSpan.FromSeconds(1)).Refusal(stand));
        Assert.Null(new ClockStrike(TimeSpan.FromSeconds(1)).Refusal(stand));
    }

    static DrillPlan Read(string text) => DrillFile.Read("week.yaml", new StringReader(text), Services);

    static DrillStep Once(Strike strike) => new(strike, 1, TimeSpan.FromSeconds(5), TimeSpan.Zero);
}
