using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Streams;
using Millrace.Streams.Profiles;

namespace Millrace.Cli.Tests.CommandLine;

/// <summary>Who the stand is: docs/decisions/0006-stand-names.md.</summary>
public sealed class IdentityOptionsTests
{
    static readonly StandState Running = new(
        ProcessIdentity.Current, StandPhase.Running, default, "k:1", new Uri("http://h:1/"), Streams: "/home/me/mine", [])
    {
        Settings = new Dictionary<string, string> { ["--stand"] = "chosen", ["--group"] = "chosen_group" },
    };

    [Fact]
    public void The_definitions_that_Millrace_ships_are_the_default_stands_wherever_the_checkout_lies() =>
        Assert.Equal(StandIdentity.Default, IdentityOptions.Resolve(null, null, null, null, StandPaths.Shipped + "/"));

    [Fact]
    public void Other_definitions_are_those_of_another_stand() =>
        Assert.Equal(("mine", "clickhouse_router_group_mine"), Parts(IdentityOptions.Resolve(null, null, null, null, "/home/me/mine")));

    [Fact]
    public void A_command_on_the_stand_that_is_up_takes_its_name_and_group() =>
        Assert.Equal(("chosen", "chosen_group"), Parts(IdentityOptions.Resolve(null, null, null, Running, "/home/me/mine/")));

    [Fact]
    public void Other_definitions_than_those_of_the_stand_that_is_up_do_not_pass_for_its_own() =>
        Assert.Equal(
            ("other", "clickhouse_router_group_other"), Parts(IdentityOptions.Resolve(null, null, null, Running, "/home/me/other")));

    [Fact]
    public void The_profile_goes_before_the_folder_and_the_user_before_the_profile()
    {
        var profile = new Profile(null, null, "of_profile", null);
        Assert.Equal(
            ("of_profile", "clickhouse_router_group_of_profile"),
            Parts(IdentityOptions.Resolve(null, null, profile, Running, "/home/me/mine")));
        Assert.Equal(("given", "given_group"), Parts(IdentityOptions.Resolve("given", "given_group", profile, Running, "/home/me/mine")));
    }

    static (string, string) Parts(StandIdentity identity) => (identity.Name, identity.Group);
}
