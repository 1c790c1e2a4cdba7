using Millrace.Streams.Kafka;

namespace Millrace.Streams.Tests.Kafka;

public class PartitionListTests
{
    [Theory]
    [InlineData(new[] { 3 }, "partition 3")]
    [InlineData(new[] { 1, 0 }, "partitions 0 to 1")]
    [InlineData(new[] { 7, 3, 4, 5, 1 }, "partitions 1, 3 to 5, 7")]
    public void Partitions_in_a_row_are_named_by_the_first_and_the_last(int[] partitions, string named) =>
        Assert.Equal(named, PartitionList.Of(partitions));
}
