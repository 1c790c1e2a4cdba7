using System.Runtime.InteropServices;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>The sum of all <see cref="GroupRecord"/>s so far. The same code builds it at start and keeps it up to date.</summary>
/// <remarks>Not thread-safe; owned by <see cref="GroupStore"/>.</remarks>
sealed class GroupImage
{
    readonly Dictionary<string, Entry> _entries = [];

    public IEnumerable<KeyValuePair<string, GroupMetadata?>> Groups =>
        _entries.Select(each => KeyValuePair.Create(each.Key, each.Value.Metadata));

    public void Apply(GroupRecord record)
    {
        switch (record)
        {
            case OffsetsCommitted committed:
                foreach (var (partition, offset) in committed.Offsets) EntryOf(record.GroupId).Offsets[partition] = offset;
                break;
            case OffsetsForgotten forgotten:
                foreach (var partition in forgotten.Partitions) EntryOf(record.GroupId).Offsets.Remove(partition);
                break;
            case GroupSaved saved:
                EntryOf(record.GroupId).Metadata = saved.Metadata;
                break;
            case GroupForgotten:
                _entries.Remove(record.GroupId);
                break;
        }
    }

    public CommittedOffset? Find(string groupId, TopicPartition partition) =>
        _entries.TryGetValue(groupId, out var entry) && entry.Offsets.TryGetValue(partition, out var offset) ? offset : null;

    public IEnumerable<KeyValuePair<TopicPartition, CommittedOffset>> OffsetsOf(string groupId) =>
        _entries.TryGetValue(groupId, out var entry) ? entry.Offsets : [];

    /// <summary>The fewest records that add up to this image.</summary>
    public IEnumerable<GroupRecord> ToRecords()
    {
        foreach (var (groupId, entry) in _entries)
        {
            if (entry.Metadata is { } metadata) yield return new GroupSaved(metadata);
            if (entry.Offsets.Count > 0) yield return new OffsetsCommitted(groupId, [.. entry.Offsets]);
        }
    }

    Entry EntryOf(string groupId) => CollectionsMarshal.GetValueRefOrAddDefault(_entries, groupId, out _) ??= new Entry();

    sealed class Entry
    {
        public GroupMetadata? Metadata { get; set; }

        public Dictionary<TopicPartition, CommittedOffset> Offsets { get; } = [];
    }
}
