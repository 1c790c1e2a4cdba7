using Millrace.Cli.CommandLine;
using Millrace.Cli.Commands;

namespace Millrace.Cli.Tests.CommandLine;

/// <summary>Every command with every option that may stand anywhere: it is used, or refused by name.</summary>
public sealed class GlobalOptionTests
{
    static readonly Dictionary<string, string> Values = new()
    {
        ["--kafka"] = "h:1",
        ["--clickhouse"] = "http://h:1/",
        ["--profile"] = "/p.yaml",
        ["--data"] = "/d",
        ["--streams"] = "/s",
        ["--output"] = "json",
    };

    [Theory]
    [InlineData("up", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("down", "--data --output")]
    [InlineData("ps", "--data --output")]
    [InlineData("logs", "--data --output")]
    [InlineData("restart", "--data --output")]
    [InlineData("rate", "--data --output")]
    [InlineData("topics", "--kafka --profile --data --streams --output")]
    [InlineData("groups", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("sql", "--clickhouse --profile --data --output")]
    [InlineData("audit", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("explain", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("ddl", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("plan", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("apply", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("dead-letters list", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("dead-letters show", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("dead-letters retry", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("dead-letters export", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("dead-letters drop", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("replay", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("drill kill", "--data --streams --output")]
    [InlineData("drill restart", "--data --streams --output")]
    [InlineData("drill pause", "--data --streams --output")]
    [InlineData("drill burst", "--data --streams --output")]
    [InlineData("drill poison", "--data --streams --output")]
    [InlineData("drill partition", "--data --streams --output")]
    [InlineData("drill disk-full", "--data --streams --output")]
    [InlineData("drill clock", "--data --streams --output")]
    [InlineData("drill run", "--data --streams --output")]
    [InlineData("pause", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("resume", "--kafka --clickhouse --profile --data --streams --output")]
    [InlineData("streams new", "--data --streams --output")]
    [InlineData("streams infer", "--kafka --profile --data --streams")]
    [InlineData("check", "--output")]
    [InlineData("bench", "--streams --output")]
    [InlineData("bench compare", "--output")]
    [InlineData("open", "--data")]
    [InlineData("version", "--output")]
    [InlineData("run broker", "--data")]
    [InlineData("run clickhouse", "--data")]
    [InlineData("run setup", "--kafka --clickhouse --profile --data --streams")]
    [InlineData("run emitter", "--kafka --profile --data --streams")]
    [InlineData("run page", "--kafka --clickhouse --profile --data --streams")]
    public void A_command_takes_the_options_that_it_can_use_and_refuses_the_others_by_name_before_and_after_its_name(
        string verb, string usable)
    {
        foreach (var (option, value) in Values)
            foreach (var commandLine in (string[][])[[.. verb.Split(' '), option, value], [option, value, .. verb.Split(' ')]])
            {
                var parsed = MillraceCommand.Parse(commandLine);
                if (usable.Split(' ').Contains(option)) Assert.Empty(parsed.Errors);
                else Assert.Equal(
                    $"{verb.Split(' ')[^1]} has no use for {option}: see  millrace {verb} --help", UsageError.Sentence(parsed));
            }
    }

    [Fact]
    public void Every_command_is_in_the_table_above()
    {
        // A command that takes words of its own beside the names of others is one, too.
        var verbs = MillraceCommand.Create().Subcommands.SelectMany(command => command.Subcommands
            .Select(sub => $"{command.Name} {sub.Name}")
            .Concat(command.Subcommands.Count == 0 || command.Arguments.Count > 0 ? [command.Name] : []));
        var rows = typeof(GlobalOptionTests).GetMethods()
            .SelectMany(method => method.GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>())
            .Select(row => (string)row.GetData(null!).Single()[0]);
        Assert.Equal(verbs.Order(), rows.Order());
    }

    [Fact]
    public void Help_leaves_out_what_the_command_cannot_use()
    {
        using var help = new StringWriter();
        MillraceCommand.Parse(["ps", "--help"]).Invoke(new() { Output = help });
        Assert.Contains("--data", help.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("--kafka", help.ToString(), StringComparison.Ordinal);
    }
}
