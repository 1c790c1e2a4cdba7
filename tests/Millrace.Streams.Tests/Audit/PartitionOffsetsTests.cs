using Millrace.Streams.Audit;

namespace Millrace.Streams.Tests.Audit;

public class PartitionOffsetsTests
{
    [Fact]
    public void All_that_was_read_is_stored_once()
    {
        var audit = Judge(new(0, LogStart: 0, LogEnd: 100, Committed: 90), Stored(rows: 88, dead: 2, lowest: 0, highest: 89, distinct: 90));

        Assert.Equal((0, 0, 10, 100), (audit.Missing, audit.StoredTwice, audit.NotYetRead, audit.Records));
        Assert.False(audit.HasTrouble);
    }

    [Fact]
    public void Rows_stored_but_not_yet_committed_are_no_trouble()
    {
        var audit = Judge(new(0, 0, 100, 80), new StoredPartition(90, 0, 0, 89, Distinct: 90, DistinctRead: 80));

        Assert.False(audit.HasTrouble);
    }

    [Fact]
    public void A_gap_is_missing()
    {
        var offsets = new PartitionOffsets(0, 0, 100, 90);
        var stored = Stored(rows: 87, dead: 0, lowest: 0, highest: 89, distinct: 87);

        var audit = offsets.Judge(stored, new GapFindings(0, 0, 0, Lost: 3, [new(5, 8)]));

        Assert.True(offsets.HasGaps(stored));
        Assert.Equal(3, audit.Missing);
        Assert.Equal("5-7", audit.MissingRanges.Single().ToString());
        Assert.True(audit.HasTrouble);
    }

    [Fact]
    public void Tombstones_and_absent_offsets_explain_a_gap()
    {
        var audit = new PartitionOffsets(0, 0, 100, 90).Judge(
            Stored(rows: 85, dead: 0, lowest: 0, highest: 89, distinct: 85), new GapFindings(3, 2, 0, 0, []));

        Assert.Equal((0, 3, 2), (audit.Missing, audit.Tombstones, audit.AbsentOffsets));
        Assert.False(audit.HasTrouble);
    }

    [Fact]
    public void A_record_both_in_the_target_table_and_in_the_dead_letters_is_stored_twice()
    {
        var audit = Judge(new(0, 0, 100, 90), Stored(rows: 90, dead: 1, lowest: 0, highest: 89, distinct: 90));

        Assert.Equal(1, audit.StoredTwice);
        Assert.True(audit.HasTrouble);
    }

    [Fact]
    public void Records_that_retention_dropped_after_they_were_stored_are_not_missing()
    {
        var audit = Judge(new(0, LogStart: 50, LogEnd: 100, Committed: 90), Stored(rows: 90, dead: 0, lowest: 0, highest: 89, distinct: 90));

        Assert.Equal((0, 50), (audit.Missing, audit.Records));
    }

    [Fact]
    public void Records_that_retention_dropped_before_they_were_read_are_missing()
    {
        var offsets = new PartitionOffsets(0, LogStart: 50, LogEnd: 100, Committed: 90);

        Assert.True(offsets.HasGaps(Stored(rows: 60, dead: 0, lowest: 0, highest: 89, distinct: 60)));
    }

    [Fact]
    public void What_retention_dropped_unread_is_told_apart_and_stays_trouble()
    {
        var audit = new PartitionOffsets(0, LogStart: 50, LogEnd: 100, Committed: 90)
            .Judge(Stored(rows: 60, dead: 0, lowest: 0, highest: 89, distinct: 60), new GapFindings(0, 0, Gone: 30, 0, []));

        Assert.Equal((0, 30), (audit.Missing, audit.Gone));
        Assert.True(audit.HasTrouble);
    }

    [Fact]
    public void Dead_letters_of_an_earlier_table_do_not_make_records_that_retention_dropped_since_expected()
    {
        var expected = new PartitionOffsets(0, LogStart: 50, LogEnd: 100, Committed: 90)
            .Expected(new StoredPartition(40, 1, LowestRow: 50, 89, 41, 40));

        Assert.Equal(new OffsetRange(50, 90), expected);
    }

    [Fact]
    public void Missing_records_that_nobody_looked_at_are_told()
    {
        var audit = new PartitionOffsets(0, 0, 100, 90).Judge(StoredPartition.None, new GapFindings(0, 0, 0, Lost: 10, [new(0, 90)]));

        Assert.Equal((90, 80), (audit.Missing, audit.NotExamined));
    }

    [Fact]
    public void Records_before_the_first_stored_one_are_a_gap()
    {
        var offsets = new PartitionOffsets(0, LogStart: 0, LogEnd: 100, Committed: 90);

        Assert.True(offsets.HasGaps(Stored(rows: 85, dead: 0, lowest: 5, highest: 89, distinct: 85)));
    }

    [Fact]
    public void A_group_that_has_committed_nothing_misses_nothing()
    {
        var audit = Judge(new(0, 0, 100, Committed: null), StoredPartition.None);

        Assert.Equal((0, 100), (audit.Missing, audit.NotYetRead));
        Assert.False(audit.HasTrouble);
    }

    [Fact]
    public void Committed_offsets_without_a_single_row_are_a_gap() =>
        Assert.Equal(90, new PartitionOffsets(0, 0, 100, 90).Expected(StoredPartition.None).Count);

    [Fact]
    public void Rows_beyond_the_log_end_are_of_a_topic_that_is_no_more()
    {
        var audit = Judge(new(0, 0, LogEnd: 10, Committed: 10), Stored(rows: 90, dead: 0, lowest: 0, highest: 89, distinct: 90));

        Assert.Equal(89, audit.StoredBeyondLogEnd);
        Assert.True(audit.HasTrouble);
    }

    static PartitionAudit Judge(PartitionOffsets offsets, StoredPartition stored) => offsets.Judge(stored, GapFindings.Nothing);

    static StoredPartition Stored(long rows, long dead, long lowest, long highest, long distinct) => new(rows, dead, lowest, highest, distinct, distinct);
}
