namespace Millrace.Streams.Tests;

public class StandIdentityTests
{
    [Theory]
    [InlineData("/home/me/shop", "shop")]
    [InlineData("/home/me/shop/", "shop")]
    [InlineData("/home/me/shop/streams", "shop")]
    [InlineData("/streams", "streams")]
    [InlineData("/home/me/My streams", "My-streams-5186c73a")]
    [InlineData("/home/me/My_streams (copy of the one of yesterday)", "My_streams-copy-of-the-09a79c20")]
    [InlineData("/home/me/поток", "9dc82890")]
    public void A_stand_is_called_after_the_folder_of_its_definitions(string folder, string name)
    {
        Assert.Equal(name, StandIdentity.NameOf(folder));
        Assert.True(StandIdentity.IsName(StandIdentity.NameOf(folder)));
    }

    [Fact]
    public void Each_stand_reads_in_a_group_of_its_own()
    {
        Assert.Equal("clickhouse_router_group", StandIdentity.Of("millrace").Group);
        Assert.Equal("clickhouse_router_group_shop", StandIdentity.Of("shop").Group);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-shop")]
    [InlineData("shop's")]
    [InlineData("shop\n")]
    [InlineData("a name of more than thirty-two characters")]
    public void A_name_is_short_and_plain(string name) => Assert.False(StandIdentity.IsName(name));
}
