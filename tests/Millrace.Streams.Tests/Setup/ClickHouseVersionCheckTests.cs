using Millrace.Streams.Setup;

namespace Millrace.Streams.Tests.Setup;

public class ClickHouseVersionCheckTests
{
    static readonly Uri Url = new("http://h:1/");

    [Theory]
    [InlineData("26.3.1.817")]
    [InlineData("26.3.17.4")]
    [InlineData("26.7.3.19")]
    [InlineData("26.7.3")]
    [InlineData("26.3.2.1.altinitystable")]
    public void These_will_do(string version) => ClickHouseVersionCheck.Require(version, Url);

    [Theory]
    [InlineData("25.8.1.1")]
    [InlineData("26.2.9.99")]
    [InlineData("26.3.1.816")]
    public void These_are_too_old_and_the_sentence_names_what_is_needed_and_why(string version) => Assert.Equal(
        $"ClickHouse at http://h:1/ is {version}, and 26.3.1.817 or newer is needed: when an older one restarts, "
        + "it reads records before all views that store them are loaded, and loses them; update it",
        Assert.Throws<ServerTooOldException>(() => ClickHouseVersionCheck.Require(version, Url)).Message);
}
