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

    [Fact]
    public void A_stream_that_is_called_as_another_ones_topic_is_found_by_its_name_and_the_other_by_the_topic()
    {
        var catalog = TestStream.Catalog(TestStream.Small("second", "first"), TestStream.Small("third", "second"));
        Assert.Equal("second", catalog.Find("second")?.Name);
        Assert.Equal("first", catalog.FindTopic("second")?.Name);
        Assert.Equal("second", catalog.Find("third")?.Name);
        Assert.Equal("first", catalog.FindTopic("first")?.Name);
        Assert.Null(catalog.Find("fourth"));
    }

    [Fact]
    public void What_would_surprise_is_said_with_its_reason_and_the_shipped_streams_surprise_nobody()
    {
        Assert.Empty(StreamSurprises.Of(Shipped));
        var catalog = TestStream.Catalog("""
            stream: odd
            topic: odd
            key: user
            table: odd_table
            order_by: [kind]
            columns:
              - { name: user, type: UInt64, generate: { range: [1, 9] } }
              - { name: kind, type: LowCardinality(String), generate: { choice: [a] } }
              - { name: order_id, type: LowCardinality(String) , generate: { choice: [a] } }
            """);
        var sentences = StreamSurprises.Of(catalog);
        Assert.Equal(3, sentences.Count);
        Assert.StartsWith("stream odd: no column is a time", sentences[0], StringComparison.Ordinal);
        Assert.StartsWith("stream odd: its key user is not in order_by", sentences[1], StringComparison.Ordinal);
        Assert.StartsWith("stream odd: order_id is LowCardinality and looks like an id", sentences[2], StringComparison.Ordinal);
    }
}
