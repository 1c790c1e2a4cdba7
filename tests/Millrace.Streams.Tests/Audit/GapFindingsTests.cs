using Millrace.Streams.Audit;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Tests.Audit;

public class GapFindingsTests
{
    readonly List<OffsetRange> _read = [];

    [Fact]
    public void A_record_without_a_value_is_not_missing()
    {
        var found = Examine([new(3, 5)], logStart: 0, new(3, 0), new(4, 0));

        Assert.Equal((2, 0, 0), (found.Tombstones, found.Absent, found.Missing.Count));
    }

    [Fact]
    public void A_record_with_a_value_is_missing()
    {
        var found = Examine([new(3, 6)], logStart: 0, new(3, 10), new(4, 10), new(5, 0));

        Assert.Equal([new(3, 5)], found.Missing);
        Assert.Equal(1, found.Tombstones);
    }

    [Fact]
    public void An_offset_without_a_record_is_absent()
    {
        var found = Examine([new(3, 4), new(8, 10)], logStart: 0, new(2, 10), new(7, 10), new(8, 10), new(10, 10));

        Assert.Equal(2, found.Absent);
        Assert.Equal([new(8, 9)], found.Missing);
    }

    [Fact]
    public void What_the_topic_dropped_is_gone_and_not_missing()
    {
        var found = Examine([new(3, 6), new(8, 12)], logStart: 10, new(10, 0), new(11, 0));

        Assert.Equal((5, 2, 0), (found.Gone, found.Tombstones, found.Missing.Count));
    }

    [Fact]
    public void Gaps_close_to_each_other_are_read_in_one_go_and_others_are_not()
    {
        Examine([new(3, 4), new(100, 101), new(1_000_000, 1_000_001)], logStart: 0);

        Assert.Equal([new(3, 101), new(1_000_000, 1_000_001)], _read);
    }

    GapFindings Examine(IReadOnlyList<OffsetRange> gaps, long logStart, params RecordSummary[] topic) => GapFindings.Examine(gaps, logStart, range =>
    {
        _read.Add(range);
        return topic.Where(record => record.Offset >= range.From && record.Offset < range.To);
    });
}
