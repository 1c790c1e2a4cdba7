using System.Text.Json;
using Millrace.Cli.Supervision;
using Millrace.ClickHouse.Options;
using Millrace.Secrets;

namespace Millrace.Cli.Tests.Secrets;

public sealed class SecretTests
{
    const string Text = "sécret 🔑";

    [Fact]
    public void It_prints_as_stars_wherever_it_stands()
    {
        Secret secret = Text;

        Assert.Equal("*** ***", $"{secret} " + secret);
        Assert.Equal("\"***\"", JsonSerializer.Serialize(secret));
        var options = new ClickHouseOptions { DataDirectory = "/data", LibraryPath = "/lib", Password = secret };
        Assert.Contains("Password = ***", $"{options}", StringComparison.Ordinal);
        Assert.Equal(Text, secret.Reveal());
    }

    [Fact]
    public void It_is_never_read_from_what_was_written() =>
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<Secret>("\"***\""));

    [Theory]
    [InlineData(Text, true)]
    [InlineData("", false)]
    [InlineData("sécret", false)]
    [InlineData("sécret 🔑 ", false)]
    public void It_matches_only_itself(string given, bool matches)
    {
        Secret secret = Text;

        Assert.Equal(matches, secret.Matches(given));
        Assert.Equal(matches, secret.Equals(new Secret(given)));
        Assert.False(secret.Equals(null));
    }
}
