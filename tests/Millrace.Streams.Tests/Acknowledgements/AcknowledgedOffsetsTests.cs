using Millrace.Streams.Acknowledgements;
using Millrace.Streams.Audit;
using Xunit.Abstractions;

namespace Millrace.Streams.Tests.Acknowledgements;

public class AcknowledgedOffsetsTests(ITestOutputHelper output)
{
    [Fact]
    public void Ranges_hold_what_was_acknowledged_in_whichever_order_it_came()
    {
        var random = Seeded();
        foreach (var share in (double[])[0.1, 0.5, 0.95, 1])
        {
            var offsets = Enumerable.Range(0, 500).Select(offset => (long)offset).Where(_ => random.NextDouble() < share).ToArray();
            random.Shuffle(offsets);
            var acknowledged = new AcknowledgedOffsets();
            foreach (var offset in offsets) acknowledged.Add("orders", 2, offset, 0);

            var partition = Assert.Single(acknowledged.Snapshot());
            Assert.Equal(OffsetRange.FromOffsets(offsets.Order()), partition.Ranges);
            Assert.Equal(offsets.Length, partition.Records);
            Assert.Equal(offsets.Max() + 1, partition.End);
            Assert.Empty(partition.Twice);
        }
    }

    [Fact]
    public void An_offset_that_two_records_were_given_is_told_and_both_records_count()
    {
        // A broker that forgot 1 and 2.
        var acknowledged = new AcknowledgedOffsets();
        foreach (var offset in (long[])[0, 1, 2, 1, 2, 3]) acknowledged.Add("orders", 0, offset, 0);

        var partition = Assert.Single(acknowledged.Snapshot());
        Assert.Equal([1, 2], partition.Twice);
        Assert.Equal([new OffsetRange(0, 4)], partition.Ranges);
        Assert.Equal(6, partition.Records);
    }

    [Fact]
    public void Records_of_which_Kafka_does_not_say_where_they_are_count_by_themselves()
    {
        var acknowledged = new AcknowledgedOffsets();
        acknowledged.Add("orders", 0, -1, 0);
        Assert.Equal(1, acknowledged.WithoutOffset);
        Assert.Empty(acknowledged.Snapshot());
    }

    [Fact]
    public async Task What_is_known_can_be_asked_for_while_the_first_record_of_more_partitions_is_acknowledged()
    {
        var acknowledged = new AcknowledgedOffsets();
        var adding = Task.Run(() =>
        {
            for (var partition = 0; partition < 50_000; partition++) acknowledged.Add("orders", partition, 0, 0);
        });
        while (!adding.IsCompleted) Assert.InRange(acknowledged.Snapshot().Count, 0, 50_000);
        await adding;
        Assert.Equal(50_000, acknowledged.Snapshot().Count);
    }

    [Fact]
    public void What_two_lists_of_ranges_have_in_common_is_what_sets_of_their_offsets_have()
    {
        var random = Seeded();
        for (var i = 0; i < 200; i++)
        {
            var (some, others) = (Offsets(), Offsets());
            Assert.Equal(
                OffsetRange.FromOffsets(some.Intersect(others).Order()).SelectMany(Each),
                AcknowledgedCheck.Common([.. OffsetRange.FromOffsets(some)], [.. OffsetRange.FromOffsets(others)]).SelectMany(Each));
        }

        List<long> Offsets()
        {
            var share = random.NextDouble();
            return [.. Enumerable.Range(0, 40).Select(offset => (long)offset).Where(_ => random.NextDouble() < share)];
        }

        static IEnumerable<long> Each(OffsetRange range) => Enumerable.Range(0, (int)range.Count).Select(more => range.From + more);
    }

    Random Seeded()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
