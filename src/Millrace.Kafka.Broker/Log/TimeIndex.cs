using System.Buffers.Binary;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// Where in a segment to start looking for a time. Each entry says: up to this offset no record is later than this timestamp.
/// <code>
/// .timeindex entry, 12 bytes: greatest timestamp so far int64, last offset of the batch that has it minus the segment's base offset int32
/// </code>
/// </summary>
/// <remarks>One thread adds, any thread looks up.</remarks>
sealed class TimeIndex(long baseOffset)
{
    public const int EntrySize = sizeof(long) + sizeof(int);

    readonly AppendOnlyList<Entry> _entries = new();

    /// <summary>Null while there is no entry.</summary>
    public TimestampAndOffset? Last => _entries.Elements is [.., var last] ? new(last.Timestamp, baseOffset + last.RelativeOffset) : null;

    /// <summary>Does nothing when an entry with this timestamp or a later one is there.</summary>
    public void AddIfLater(TimestampAndOffset greatest)
    {
        if (greatest.Timestamp <= (Last?.Timestamp ?? RecordBatchHeader.NoTimestamp)) return;
        _entries.Add(new Entry(greatest.Timestamp, (int)(greatest.Offset - baseOffset)));
    }

    /// <summary>An offset before which every record is earlier than <paramref name="timestamp"/>.</summary>
    public long OffsetBefore(long timestamp)
    {
        var entries = _entries.Elements;
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (entries[middle].Timestamp < timestamp) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? baseOffset : baseOffset + entries[low - 1].RelativeOffset;
    }

    /// <summary>Where no record has a time, one entry says so: a file without any could as well have lost them.</summary>
    public byte[] ToBytes()
    {
        var entries = _entries.Elements;
        if (entries.IsEmpty) entries = new Entry[] { new(RecordBatchHeader.NoTimestamp, 0) };
        var bytes = new byte[entries.Length * EntrySize];
        for (var i = 0; i < entries.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * EntrySize), entries[i].Timestamp);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * EntrySize + sizeof(long)), entries[i].RelativeOffset);
        }
        return bytes;
    }

    /// <summary>Null when the bytes can't be a time index.</summary>
    public static TimeIndex? FromBytes(long baseOffset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % EntrySize != 0) return null;
        var index = new TimeIndex(baseOffset);
        var previous = new Entry(long.MinValue, -1);
        for (; bytes.Length > 0; bytes = bytes[EntrySize..])
        {
            var entry = new Entry(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt32BigEndian(bytes[sizeof(long)..]));
            if (entry.Timestamp <= previous.Timestamp || entry.RelativeOffset <= previous.RelativeOffset) return null;
            index._entries.Add(entry);
            previous = entry;
        }
        return index;
    }

    readonly record struct Entry(long Timestamp, int RelativeOffset);
}
