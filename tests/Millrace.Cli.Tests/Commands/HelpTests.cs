using System.CommandLine;
using Millrace.Cli.Commands;

namespace Millrace.Cli.Tests.Commands;

public sealed class HelpTests
{
    /// <summary>A default is a word that the user could type.</summary>
    [Theory]
    [InlineData("up", "[default: 9092]", "[default: 8123]", "[default: 8080]", "[default: 127.0.0.1]")]
    [InlineData("logs")]
    [InlineData("sql")]
    [InlineData("run broker", "[default: 9092]", "[default: 127.0.0.1]")]
    public void Help_shows_these_defaults_and_no_others(string verb, params string[] defaults)
    {
        using var help = new StringWriter();
        MillraceCommand.Create().Parse($"{verb} --help").Invoke(new InvocationConfiguration { Output = help });
        Assert.Equal(defaults, System.Text.RegularExpressions.Regex.Matches(help.ToString(), @"\[default: [^]]*\]").Select(match => match.Value));
    }
}
