using System.Text;
using Millrace.Kafka.Broker.Groups;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Tests.Log;
using Millrace.Kafka.Broker.Tests.Network;

namespace Millrace.Kafka.Broker.Tests.Groups;

public sealed class GroupJournalTests
{
    const string JournalFile = "/groups.journal";

    /// <summary>Offset 42 of partition 0 of "t", committed by group "g" with metadata "m".</summary>
    const string FirstRelease =
        "6D696C6C726163652067726F75707320310A" + // "millrace groups 1\n"
        "00000029" + "17E26102" + "01" + "0267" + "02" + "027400000000" +
        "000000000000002A" + "FFFFFFFF" + "026D" + "0000000000000000" + "FFFFFFFFFFFFFFFF" + "00";

    readonly MemoryFileSystem _disk = new();

    [Fact]
    public void A_journal_torn_at_any_byte_gives_every_whole_record_and_takes_new_ones()
    {
        // 1. Three records; where each ends is known.
        var ends = WriteThreeRecords();
        var whole = _disk.Bytes(JournalFile);

        for (var length = 0; length <= whole.Length; length++)
        {
            // 2. Cut anywhere: exactly the records that end before the cut are there.
            _disk.Edit(JournalFile, _ => whole[..length]);
            var expected = Enumerable.Range(1, ends.Count(end => end <= length)).Select(offset => (long)offset).ToArray();
            using (var torn = Open(out var replayed))
            {
                Assert.Equal(expected, Offsets(replayed));
                torn.Append(Commit(99));
            }

            // 3. What is appended then is found behind them.
            using var again = Open(out var after);
            Assert.Equal([.. expected, 99], Offsets(after));
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_the_last_record_loses_that_record_only()
    {
        int lastStart;
        using (var journal = Open(out _))
        {
            journal.Append(Commit(1));
            lastStart = (int)journal.Length;
            journal.Append(Commit(2));
        }
        var whole = _disk.Bytes(JournalFile);

        for (var at = lastStart; at < whole.Length; at++)
        {
            var flipped = whole.ToArray();
            flipped[at] ^= 0x10;
            _disk.Edit(JournalFile, _ => flipped);
            using var journal = Open(out var replayed);
            Assert.Equal([1], Offsets(replayed));
        }
    }

    [Fact]
    public void A_flipped_bit_with_whole_records_behind_it_is_an_error_and_what_is_cut_off_is_kept()
    {
        var ends = WriteThreeRecords();
        var whole = _disk.Bytes(JournalFile);

        var time = 0;
        for (var at = ends[0]; at < ends[1]; at++)
        {
            var flipped = whole.ToArray();
            flipped[at] ^= 0x10;
            _disk.Edit(JournalFile, _ => flipped);
            var log = new CollectingLogger();
            using (var store = GroupStore.Open(_disk, "/", log)) Assert.Equal(1, store.OffsetsOf("g").Single().Value.Offset);

            Assert.Contains($"damaged at byte {ends[0]}", Assert.Single(log.Warnings), StringComparison.Ordinal);
            var aside = $"/aside/{++time}/groups.journal.tail";
            Assert.Contains(aside, Assert.Single(log.Warnings), StringComparison.Ordinal);
            Assert.Equal(flipped[ends[0]..], _disk.Bytes(aside));
        }
    }

    [Fact]
    public void A_torn_write_is_a_warning_and_what_there_was_of_it_is_kept()
    {
        int start;
        using (var journal = Open(out _))
        {
            start = (int)journal.Length;
            journal.Append(Commit(1));
        }
        _disk.Edit(JournalFile, bytes => bytes[..^1]);
        var torn = _disk.Bytes(JournalFile)[start..];
        var log = new CollectingLogger();

        GroupStore.Open(_disk, "/", log).Dispose();

        var told = Assert.Single(log.Warnings);
        Assert.Contains("never finished; they are in /aside/1/groups.journal.tail now", told, StringComparison.Ordinal);
        Assert.Equal(torn, _disk.Bytes("/aside/1/groups.journal.tail"));
    }

    [Fact]
    public void A_torn_write_that_a_full_disk_takes_no_copy_of_stays_until_there_is_room_and_refuses_commits_so_long()
    {
        using (var journal = Open(out _)) journal.Append(Commit(1));
        var whole = _disk.Bytes(JournalFile);
        _disk.Edit(JournalFile, bytes => [.. bytes, 1, 2, 3]);
        _disk.Capacity = whole.Length + 3;
        var log = new CollectingLogger();

        using var store = GroupStore.Open(_disk, "/", log);
        Assert.Contains("no commit is taken until they can", Assert.Single(log.Warnings), StringComparison.Ordinal);
        Assert.False(store.TryApply(Commit(2)));
        Assert.Equal([.. whole, 1, 2, 3], _disk.Bytes(JournalFile));
        Assert.Equal(1, store.OffsetsOf("g").Single().Value.Offset);

        _disk.Capacity = long.MaxValue;
        Assert.True(store.TryApply(Commit(3)));
        using var again = Open(out var replayed);
        Assert.Equal([1, 3], Offsets(replayed));
    }

    [Theory]
    [InlineData("millrace groups 0\nwho knows")]
    [InlineData("millrace groups 12")]
    [InlineData("millrace groups one\n")]
    [InlineData("somebody else's")]
    public void A_file_that_is_no_journal_is_left_alone(string content) =>
        Assert.Equal($"{JournalFile} is no group journal", Assert.Throws<IOException>(() => OpenWith(content)).Message);

    [Theory]
    [InlineData("millrace groups 2\nwho knows", 2)]
    [InlineData("millrace groups 10\n", 10)]
    public void A_journal_of_a_later_version_is_refused_and_left_alone(string content, int format) =>
        Assert.Equal(
            $"{JournalFile} has format {format}, of a later version of Millrace; this one knows 1 and earlier. " +
            "Start the version that wrote it.",
            Assert.Throws<LaterFormatException>(() => OpenWith(content)).Message);

    /// <summary>Written by the first release. Whoever changes what is written raises the version, and goes on reading this.</summary>
    [Fact]
    public void A_journal_of_the_first_release_is_read_as_it_was_written()
    {
        _disk.ReplaceWhole(JournalFile, Convert.FromHexString(FirstRelease));

        using var store = GroupStore.Open(_disk, "/", new CollectingLogger());

        var (partition, committed) = store.OffsetsOf("g").Single();
        Assert.Equal((new("t", 0), new(42, -1, "m", 0, -1)), (partition, committed));
    }

    [Fact]
    public void A_rewrite_keeps_only_the_records_it_is_given_and_survives_a_loss_of_power()
    {
        using (var journal = Open(out _))
        {
            for (var offset = 0; offset < 100; offset++) journal.Append(Commit(offset));
            journal.Rewrite([Commit(7)]);
            _disk.LosePower();
            journal.Append(Commit(8));
        }
        using var again = Open(out var replayed);
        Assert.Equal([7, 8], Offsets(replayed));
    }

    [Theory]
    [InlineData("open")]
    [InlineData("write")]
    [InlineData("flush")]
    [InlineData("rename")]
    public void A_rewrite_that_fails_leaves_the_old_file_in_use(string operation)
    {
        using (var journal = Open(out _))
        {
            journal.Append(Commit(1));
            _disk.Fails = (what, _) => what == operation;
            Assert.Throws<IOException>(() => journal.Rewrite([Commit(7)]));
            _disk.Fails = (_, _) => false;
            journal.Append(Commit(2));
        }
        using var again = Open(out var replayed);
        Assert.Equal([1, 2], Offsets(replayed));
    }

    [Fact]
    public async Task A_journal_that_has_grown_is_rewritten_to_what_still_counts()
    {
        await using var groups = new GroupFixture();
        groups.FormStableGroup(1);
        var rewrites = 0;
        groups.Disk.Changing = (operation, _) => rewrites += operation == "rename" ? 1 : 0;
        var metadata = new string('m', 4000);
        for (var offset = 0; offset < 5000; offset++) groups.Commit(offset, partition: offset % 10, metadata: metadata, group: "simple");

        Assert.InRange(rewrites, 2, 10);
        Assert.InRange(groups.Disk.Bytes(GroupFixture.JournalPath).Length, 1, 5 << 20);
        groups.KillAndRestart();
        Assert.Equal(4999, groups.Committed(partition: 9, group: "simple"));
        Assert.Equal("Stable", groups.Describe().State);
    }

    [Fact]
    public async Task Offsets_of_a_deleted_topic_that_the_disk_keeps_are_an_error_and_go_the_next_time()
    {
        await using var groups = new GroupFixture();
        groups.Commit(5, topic: "t");
        groups.Disk.Fails = (operation, _) => operation == "write";
        Assert.Throws<IOException>(() => groups.Coordinator.ForgetTopic("t"));
        groups.Disk.Fails = (_, _) => false;

        groups.Coordinator.ForgetTopic("t");
        Assert.Equal(-1, groups.Committed("t"));
        groups.KillAndRestart();
        Assert.Equal(-1, groups.Committed("t"));
    }

    /// <summary>A write of the later version that never finished is not ours to delete either.</summary>
    void OpenWith(string content)
    {
        _disk.ReplaceWhole(JournalFile, Encoding.UTF8.GetBytes(content));
        _disk.Open(JournalFile + "~").Dispose();
        try
        {
            Open(out _).Dispose();
        }
        finally
        {
            Assert.Equal(content, Encoding.UTF8.GetString(_disk.Bytes(JournalFile)));
            Assert.True(_disk.FileExists(JournalFile + "~"));
        }
    }

    static OffsetsCommitted Commit(long offset) =>
        new("g", [new(new TopicPartition("t", 0), new CommittedOffset(offset, -1, "m", 0, -1))]);

    static IEnumerable<long> Offsets(IEnumerable<GroupRecord> records) =>
        records.Select(record => ((OffsetsCommitted)record).Offsets.Single().Value.Offset);

    /// <returns>Where each of them ends in the file.</returns>
    List<int> WriteThreeRecords()
    {
        using var journal = Open(out _);
        var ends = new List<int>();
        foreach (var offset in new[] { 1, 2, 3 })
        {
            journal.Append(Commit(offset));
            ends.Add((int)journal.Length);
        }
        return ends;
    }

    GroupJournal Open(out List<GroupRecord> replayed)
    {
        var records = new List<GroupRecord>();
        replayed = records;
        return GroupJournal.Open(_disk, JournalFile, records.Add, out _);
    }
}
