using Millrace.Streams.Definition;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Definition;

public class StreamCatalogTests
{
    static readonly StreamCatalog Shipped = StreamCatalog.Load(Path.Combine(Repository.Root, "streams"));

    [Fact]
    public void The_shipped_streams_route_three_topics_into_three_tables() =>
        Assert.Equal(
            [("clicks", "user_clicks", "clicks_table"), ("orders", "orders", "orders_table"), ("views", "page_views", "views_table")],
            Shipped.Streams.Select(stream => (stream.Name, stream.Topic, stream.TargetTable)));

    [Theory]
    [InlineData("session_id")]
    [InlineData("user_id")]
    [InlineData("product_id")]
    public void The_shipped_streams_can_be_joined_by(string column) =>
        Assert.All(Shipped.Streams, stream => Assert.Single(stream.Columns, c => c.Name == column && c.IsRequired));

    [Fact]
    public void The_shipped_streams_lead_from_views_over_clicks_to_orders() =>
        Assert.Equal(["clicks:views", "orders:clicks", "views:"], Shipped.Streams.Select(stream => $"{stream.Name}:{stream.After}"));
}
