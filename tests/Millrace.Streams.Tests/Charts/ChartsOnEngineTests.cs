using System.Globalization;
using System.Text.Json;
using Millrace.Streams.Charts;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Charts;

[Collection(ServersCollection.Name)]
public sealed class ChartsOnEngineTests(ServersFixture servers) : ServersTest(servers)
{
    static readonly IReadOnlyList<StreamDefinition> Shop = StreamCatalog.Load(Path.Combine(Repository.Root, "streams")).Streams;

    /// <summary>Within the minute that is the given number of whole minutes back.</summary>
    static string MinutesAgo(int minutes) => string.Create(
        CultureInfo.InvariantCulture, $"toStartOfMinute(now()) - INTERVAL {minutes} MINUTE + INTERVAL 1 SECOND");

    [Fact]
    public async Task Every_chart_has_an_answer_without_rows_too()
    {
        using var client = await NewShopAsync();
        foreach (var chart in StandCharts.Of(Shop).Concat(StandCharts.Of([Shop[0]])))
        {
            var rows = await client.QueryAsync<JsonElement>(chart.Sql);
            if (chart.Title.Contains("a view", StringComparison.Ordinal))
                Assert.All(rows, row => Assert.Equal(JsonValueKind.Null, row.GetProperty("percent").ValueKind));
            else
                Assert.Empty(rows);
        }
    }

    [Fact]
    public async Task A_minute_without_rows_is_drawn_as_zero_and_the_minute_that_runs_is_not_drawn()
    {
        using var client = await NewShopAsync();
        foreach (var (currency, minutes, count) in new[] { ("EUR", 4, 2), ("EUR", 1, 1), ("USD", 3, 5), ("USD", 0, 7), ("USD", 90, 1) })
            await OrderAsync(client, currency, MinutesAgo(minutes), count);

        var byCurrency = await client.QueryAsync<JsonElement>(Chart(Shop, "Orders a minute by currency").Sql);
        var all = await client.QueryAsync<JsonElement>(Chart([Orders], "Rows a minute").Sql);
        var revenue = await client.QueryAsync<JsonElement>(Chart([Orders], "Sum a minute").Sql);

        // A minute may end while the test runs: then one more is over.
        Assert.Equal(["2", "0", "0", "1"], Of(byCurrency, "EUR").Take(4));
        Assert.Equal(["5", "0", "0"], Of(byCurrency, "USD").Take(3));
        Assert.Equal(["2", "5", "0", "1"], all.Take(4).Select(row => $"{row.GetProperty("rows")}"));
        Assert.Equal([3.0, 7.5, 0, 1.5], revenue.Take(4).Select(row => Number(row.GetProperty("total"))));
        Assert.InRange(all.Count, 4, 5);
    }

    static StreamDefinition Orders => Shop.Single(stream => stream.Name == "orders");

    static ChartQuery Chart(IReadOnlyList<StreamDefinition> streams, string title) =>
        StandCharts.Of(streams).Single(chart => chart.Title == title);

    static IEnumerable<string> Of(IEnumerable<JsonElement> rows, string currency) =>
        rows.Where(row => row.GetProperty("currency").GetString() == currency).Select(row => $"{row.GetProperty("orders")}");

    static double Number(JsonElement value) => double.Parse($"{value}", CultureInfo.InvariantCulture);

    static Task OrderAsync(ClickHouseClient client, string currency, string when, int count) => client.ExecuteAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"INSERT INTO {Orders.TargetTable} (inserted_at, currency, amount) SELECT {when}, '{currency}', 1.5 FROM numbers({count})"));

    async Task<ClickHouseClient> NewShopAsync()
    {
        var client = new ClickHouseClient(await Servers.NewDatabaseAsync());
        foreach (var stream in Shop) await client.ExecuteAsync(TargetTableSql.Create(stream, "millrace"));
        return client;
    }
}
