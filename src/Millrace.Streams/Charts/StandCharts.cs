using Millrace.Streams.Definition;

namespace Millrace.Streams.Charts;

/// <summary>The charts of a stand: those of the shop that it ships, and for streams of the user's own what their columns suggest.</summary>
public static class StandCharts
{
    /// <summary>More nobody looks at, and each is a query every few seconds.</summary>
    public const int Most = 24;

    public static IReadOnlyList<ChartQuery> Of(IReadOnlyList<StreamDefinition> streams)
    {
        var shop = ShopCharts.Find(streams);
        var others = streams.Where(stream => shop?.Has(stream) != true).Select(stream => StreamCharts.Of(stream).ToList()).ToList();
        // The first chart of every stream, then the second ...: with many streams each still has one.
        var inTurn = Enumerable.Range(0, others.Select(charts => charts.Count).DefaultIfEmpty().Max())
            .SelectMany(turn => others.Where(charts => charts.Count > turn).Select(charts => charts[turn]));
        return [.. (shop is null ? [] : ShopCharts.Of(shop)).Concat(inTurn).Take(Most)];
    }
}
