using Millrace.Streams.Definition;

namespace Millrace.Streams.Charts;

/// <summary>The charts of the shop whose streams a stand ships.</summary>
static class ShopCharts
{
    static readonly string[] OrderColumns = ["session_id", "product_id", "quantity", "amount", "currency", "country"];

    /// <returns>null where they are not all there, or have lost a column.</returns>
    public static ShopStreams? Find(IReadOnlyList<StreamDefinition> streams)
    {
        var views = Having(streams, "views", "session_id");
        var clicks = Having(streams, "clicks", "session_id");
        var orders = Having(streams, "orders", OrderColumns);
        return views is null || clicks is null || orders is null ? null : new ShopStreams(views, clicks, orders);
    }

    public static IEnumerable<ChartQuery> Of(ShopStreams shop) =>
    [
        new("Orders a minute by currency", "", ChartKind.Lines, EachMinute(shop.Orders, "count() AS orders")),
        new("Revenue a minute by currency", "", ChartKind.Lines, EachMinute(shop.Orders, "sum(amount) AS revenue")),
        new("Sessions from a view to an order", "", ChartKind.Bars, Funnel(shop)),
        new("Best products", "", ChartKind.Bars,
            Best(shop.Orders, "product_id AS product", "count() AS orders, sum(quantity) AS pieces")),
        new("Orders by country", "", ChartKind.Bars, Best(shop.Orders, "country", "count() AS orders, uniq(session_id) AS sessions")),
    ];

    static StreamDefinition? Having(IReadOnlyList<StreamDefinition> streams, string name, params string[] columns) =>
        streams.FirstOrDefault(stream => stream.Name == name && columns.All(column => stream.Columns.Any(other => other.Name == column)));

    static string EachMinute(StreamDefinition orders, string value) => $"""
        SELECT toStartOfMinute(inserted_at) AS minute, currency, {value}
        FROM {ChartQuery.RecentMinutes(orders.TargetTable)}
        GROUP BY minute, currency ORDER BY currency, {ChartQuery.ByMinute}
        """;

    static string Best(StreamDefinition orders, string name, string values) => $"""
        SELECT {name}, {values}
        FROM {ChartQuery.Recent(orders.TargetTable)}
        GROUP BY {name.Split(' ')[0]} ORDER BY orders DESC LIMIT 10
        """;

    /// <summary>Estimated by uniq: exact sets of the sessions of an hour would not fit what one query may take.</summary>
    static string Funnel(ShopStreams shop) => $"""
        SELECT step, sessions, round(100 * sessions / nullIf(first_value(sessions) OVER (ORDER BY place), 0), 1) AS percent
        FROM (
            SELECT 1 AS place, 'view' AS step, uniq(session_id) AS sessions
            FROM {ChartQuery.Recent(shop.Views.TargetTable)}
            UNION ALL SELECT 2, 'click', uniq(session_id) FROM {ChartQuery.Recent(shop.Clicks.TargetTable)}
            UNION ALL SELECT 3, 'order', uniq(session_id) FROM {ChartQuery.Recent(shop.Orders.TargetTable)}
        )
        ORDER BY place
        """;
}

/// <summary>The streams of the shop. Immutable.</summary>
sealed record ShopStreams(StreamDefinition Views, StreamDefinition Clicks, StreamDefinition Orders)
{
    public bool Has(StreamDefinition stream) => stream == Views || stream == Clicks || stream == Orders;
}
