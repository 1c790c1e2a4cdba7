using Millrace.Streams.Charts;
using Millrace.Streams.Definition;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Charts;

public sealed class StandChartsTests
{
    static readonly IReadOnlyList<StreamDefinition> Shop = StreamCatalog.Load(Path.Combine(Repository.Root, "streams")).Streams;

    [Fact]
    public void The_streams_that_a_stand_ships_have_the_charts_of_a_shop()
    {
        var charts = StandCharts.Of(Shop);
        Assert.Equal(
            [
                "Orders a minute by currency", "Revenue a minute by currency", "Sessions from a view to an order", "Best products",
                "Orders by country",
            ],
            charts.Select(chart => chart.Title));
    }

    [Fact]
    public void Streams_of_the_users_own_have_charts_by_the_types_of_their_columns()
    {
        var alone = Shop.Where(stream => stream.Name == "orders").ToList();
        Assert.Equal(
            [
                "Rows a minute orders", "Sum a minute orders.amount",
                "Most frequent values orders.currency", "Most frequent values orders.country",
            ],
            StandCharts.Of(alone).Select(chart => $"{chart.Title} {chart.About}"));
    }

    [Fact]
    public void With_many_streams_each_has_a_chart_before_any_has_a_second()
    {
        var orders = Shop.Single(stream => stream.Name == "orders");
        var many = Enumerable.Range(0, 30).Select(i => orders with { Name = $"orders{i}" }).ToList();
        var charts = StandCharts.Of(many);
        Assert.Equal(StandCharts.Most, charts.Count);
        Assert.All(charts, chart => Assert.Equal("Rows a minute", chart.Title));
    }

    [Fact]
    public void No_chart_looks_at_more_than_the_last_hour()
    {
        foreach (var chart in StandCharts.Of(Shop).Concat(StandCharts.Of([Shop[0]])))
        {
            var tables = Shop.Sum(stream => Count(chart.Sql, $"FROM {stream.TargetTable} "));
            Assert.Equal((tables, tables), (Count(chart.Sql, "INTERVAL 60 MINUTE"), Count(chart.Sql, "modification_time >= now() - 3700")));
        }
    }

    static int Count(string text, string part) => text.Split(part).Length - 1;
}
