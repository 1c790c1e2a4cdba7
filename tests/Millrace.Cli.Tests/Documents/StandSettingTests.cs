using Millrace.Cli.Basics;
using Millrace.Cli.Documents;

namespace Millrace.Cli.Tests.Documents;

public sealed class StandSettingTests
{
    static readonly StandPaths Paths = new("/data", "/streams");

    [Theory]
    [InlineData("--rate", "5000", true, "The stand on /data runs with --rate 1000 instead of 5000: stop it first with  millrace down")]
    [InlineData("--seed", "7", true, "The stand on /data runs without --seed: stop it first with  millrace down")]
    [InlineData("--rate", "1000", true, null)]
    [InlineData("--rate", "5000", false, null)]
    [InlineData("--new-option", "1", true, null)]
    public void What_the_user_gave_must_be_what_the_stand_runs_with(string option, string value, bool isGiven, string? refusal)
    {
        var stand = new StandState(ProcessIdentity.Current, StandPhase.Running, default, "k:1", new Uri("http://h:1/"), "/streams", [])
        {
            Settings = new Dictionary<string, string> { ["--rate"] = "1000", ["--seed"] = "" },
        };
        var refused = Record.Exception(() => StandSetting.RequireSame([new StandSetting(option, value, isGiven)], stand, Paths));
        Assert.Equal(refusal, refused?.Message);
        if (refused is not null) Assert.Equal(ExitCodes.CannotStart, Assert.IsType<CliException>(refused).ExitCode);
    }
}
