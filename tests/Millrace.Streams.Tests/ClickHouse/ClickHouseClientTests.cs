using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Tests.ClickHouse;

[Collection(ServersCollection.Name)]
public class ClickHouseClientTests(ServersFixture servers) : ServersTest(servers)
{
    [Fact]
    public async Task Rows_arrive_as_records_with_big_numbers_and_nulls()
    {
        using var client = new ClickHouseClient(await Servers.NewDatabaseAsync());
        var rows = await client.QueryAsync<Row>("SELECT 18446744073709551615 AS big_number, 'ä\\'\\n' AS text, NULL AS nothing, true AS flag");
        Assert.Equal([new Row(ulong.MaxValue, "ä'\n", null, true)], rows);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("a\tb\nc\\d'e&f=ü")]
    public async Task A_parameter_arrives_as_it_is(string value)
    {
        using var client = new ClickHouseClient(await Servers.NewDatabaseAsync());
        var rows = await client.QueryAsync<Text>("SELECT {v:String} AS value", new Dictionary<string, string> { ["v"] = value });
        Assert.Equal(value, rows.Single().Value);
    }

    [Fact]
    public async Task A_refused_query_throws_with_ClickHouses_code_and_text()
    {
        using var client = new ClickHouseClient(await Servers.NewDatabaseAsync());
        var refused = await Assert.ThrowsAsync<ClickHouseException>(() => client.ExecuteAsync("SELECT * FROM nowhere"));
        Assert.Equal(60, refused.Code);
        Assert.Contains("UNKNOWN_TABLE", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_the_addresss_fault_and_another_one_the_statements()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        using var nowhere = new ClickHouseClient(endpoints with { Database = "nowhere" });
        var address = await Assert.ThrowsAsync<ClickHouseRefusedException>(() => nowhere.ExecuteAsync("CREATE TABLE t (n UInt8) ENGINE = Null"));
        Assert.Contains("has no database nowhere", address.Message, StringComparison.Ordinal);
        using var client = new ClickHouseClient(endpoints);
        var statement = await Assert.ThrowsAsync<ClickHouseException>(() => client.ExecuteAsync("SELECT * FROM nosuch.t"));
        Assert.Equal(81, statement.Code);
    }

    [Fact]
    public async Task User_and_password_need_not_be_ascii()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        Assert.Contains(endpoints.ClickHousePassword.Reveal(), letter => !char.IsAscii(letter));
        using var right = new ClickHouseClient(endpoints);
        Assert.Equal("in", (await right.QueryAsync<Text>("SELECT 'in' AS value")).Single().Value);
        using var wrong = new ClickHouseClient(
            endpoints with { ClickHousePassword = endpoints.ClickHousePassword.Reveal().Replace('é', 'è') });
        await Assert.ThrowsAsync<ClickHouseRefusedException>(() => wrong.ExecuteAsync("SELECT 1"));
        using var stranger = new ClickHouseClient(endpoints with { ClickHouseUser = "müller" });
        var refused = await Assert.ThrowsAsync<ClickHouseRefusedException>(() => stranger.ExecuteAsync("SELECT 1"));
        Assert.Contains("müller: Authentication failed", refused.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_is_named()
    {
        var nowhere = new StandEndpoints { Kafka = "127.0.0.1:1", ClickHouse = new Uri("http://127.0.0.1:1/") };
        using var client = new ClickHouseClient(nowhere);
        Assert.False(await client.PingAsync());
        var away = await Assert.ThrowsAsync<ClickHouseUnavailableException>(() => client.ExecuteAsync("SELECT 1"));
        Assert.StartsWith("no answer from ClickHouse at http://127.0.0.1:1/", away.Message, StringComparison.Ordinal);
        var waited = await Assert.ThrowsAsync<ClickHouseUnavailableException>(() => client.WaitReadyAsync(TimeSpan.Zero, TimeProvider.System));
        Assert.Contains("Connection refused", waited.Message, StringComparison.Ordinal);
    }

    sealed record Row(ulong BigNumber, string Text, string? Nothing, bool Flag);

    sealed record Text(string Value);
}
