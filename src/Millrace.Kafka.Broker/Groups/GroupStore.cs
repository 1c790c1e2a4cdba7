using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// What is durable about groups: their committed offsets, and each group as it was when it last became Stable or Empty. A change is in the
/// <see cref="GroupJournal"/> before it is visible here.
/// </summary>
/// <remarks>Thread-safe by one lock, the innermost: it may be taken while a group's lock is held, and takes no other.</remarks>
sealed class GroupStore : IDisposable
{
    public const string FileName = "groups.journal";

    readonly Lock _gate = new();
    readonly GroupImage _image = new();
    readonly GroupJournal _journal;
    readonly ILogger _logger;

    GroupStore(IFileSystem files, string directory, ILogger logger)
    {
        _logger = logger;
        files.CreateDirectory(directory);
        _journal = GroupJournal.Open(files, Path.Combine(directory, FileName), _image.Apply, out var cut);
        if (cut.Bytes == 0) return;
        var place = cut.Aside is { } aside ? $"they are in {aside} now" : "they can't be set aside, and no commit is taken until they can";
        if (cut.Damaged) logger.JournalDamaged(FileName, cut.Position, cut.Bytes, place);
        else logger.JournalTorn(FileName, cut.Bytes, place);
    }

    /// <exception cref="IOException">See <see cref="GroupJournal.Open"/>.</exception>
    public static GroupStore Open(IFileSystem files, string directory, ILogger logger) => new(files, directory, logger);

    /// <exception cref="LaterFormatException">A later version wrote the journal.</exception>
    /// <exception cref="IOException">The disk fails, or the file is no journal.</exception>
    public static void DemandKnownVersion(IFileSystem files, string directory) =>
        GroupJournal.DemandKnownVersion(files, Path.Combine(directory, FileName));

    /// <summary>All groups that have an offset or a generation, with their metadata where they ever had members.</summary>
    public IReadOnlyList<KeyValuePair<string, GroupMetadata?>> Groups
    {
        get { lock (_gate) return [.. _image.Groups]; }
    }

    /// <summary>Returns false, with nothing changed, where the disk does not take it.</summary>
    public bool TryApply(GroupRecord record)
    {
        lock (_gate)
        {
            try
            {
                _journal.Append(record);
            }
            catch (Exception e) when (DiskFailure.Is(e))
            {
                _logger.JournalFailed(e, record.GroupId);
                return false;
            }
            _image.Apply(record);
            if (_journal.WantsRewrite) Compact();
            return true;
        }
    }

    public CommittedOffset? Find(string groupId, TopicPartition partition)
    {
        lock (_gate) return _image.Find(groupId, partition);
    }

    /// <summary>A copy, ordered by topic and partition; empty for an unknown group.</summary>
    public KeyValuePair<TopicPartition, CommittedOffset>[] OffsetsOf(string groupId)
    {
        lock (_gate)
        {
            return [.. _image.OffsetsOf(groupId)
                .OrderBy(each => each.Key.Topic, StringComparer.Ordinal).ThenBy(each => each.Key.Partition)];
        }
    }

    /// <summary>A loss of power can take what is written after this, but nothing before.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            try
            {
                _journal.Flush();
            }
            catch (Exception e) when (DiskFailure.Is(e))
            {
                _logger.JournalFlushFailed(e);
            }
            _journal.Dispose();
        }
    }

    void Compact()
    {
        var before = _journal.Length;
        try
        {
            _journal.Rewrite(_image.ToRecords());
            _logger.JournalRewritten(before, _journal.Length);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            _logger.JournalRewriteFailed(e);
        }
    }
}
