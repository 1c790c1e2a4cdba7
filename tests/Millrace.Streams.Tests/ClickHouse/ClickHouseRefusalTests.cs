using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Tests.ClickHouse;

public sealed class ClickHouseRefusalTests
{
    static readonly StandEndpoints Endpoints = new() { Kafka = "k:1", ClickHouse = new Uri("http://h:8123/") };

    [Theory]
    [InlineData(
        "Code: 497. DB::Exception: me: Not enough privileges. To execute this query, it's necessary to have the grant "
        + "SELECT(a) ON d.t. (ACCESS_DENIED)",
        "ClickHouse at http://h:8123/ does not let user default do that: let its administrator type  GRANT SELECT(a) ON d.t TO default")]
    [InlineData(
        "Code: 497. DB::Exception: Host 'h:8123' is not one that this port goes by (localhost). Ask by one of these. (ACCESS_DENIED)",
        "Code: 497. DB::Exception: Host 'h:8123' is not one that this port goes by (localhost). Ask by one of these. (ACCESS_DENIED)")]
    public void A_missing_right_comes_with_its_grant_and_any_other_refusal_in_clickhouses_words(string text, string sentence) =>
        Assert.Equal(sentence, ClickHouseRefusedException.For(new ClickHouseException(497, text), Endpoints)!.Message);
}
