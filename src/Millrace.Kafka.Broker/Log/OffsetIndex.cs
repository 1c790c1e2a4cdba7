using System.Buffers.Binary;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// Where in a segment to start looking for an offset. Sparse: an entry per index.interval.bytes, of a batch's last offset and that batch's
/// position.
/// <code>
/// .index entry, 8 bytes: last offset minus the segment's base offset int32, position in the .log file int32
/// </code>
/// </summary>
/// <remarks>One thread adds, any thread looks up.</remarks>
sealed class OffsetIndex(long baseOffset)
{
    public const int EntrySize = 2 * sizeof(int);

    readonly AppendOnlyList<Entry> _entries = new();

    public void Add(long lastOffset, int position) => _entries.Add(new Entry((int)(lastOffset - baseOffset), position));

    /// <summary>A position from which scanning forward finds the batch that holds <paramref name="offset"/>.</summary>
    public int PositionBefore(long offset)
    {
        var entries = _entries.Elements;
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (baseOffset + entries[middle].RelativeOffset <= offset) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? 0 : entries[low - 1].Position;
    }

    public byte[] ToBytes()
    {
        var entries = _entries.Elements;
        var bytes = new byte[entries.Length * EntrySize];
        for (var i = 0; i < entries.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * EntrySize), entries[i].RelativeOffset);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * EntrySize + sizeof(int)), entries[i].Position);
        }
        return bytes;
    }

    /// <summary>Null when the bytes can't be the index of a segment of <paramref name="segmentSize"/> bytes.</summary>
    public static OffsetIndex? FromBytes(long baseOffset, ReadOnlySpan<byte> bytes, int segmentSize)
    {
        if (bytes.Length % EntrySize != 0) return null;
        var index = new OffsetIndex(baseOffset);
        var previous = new Entry(-1, -1);
        for (; bytes.Length > 0; bytes = bytes[EntrySize..])
        {
            var entry = new Entry(BinaryPrimitives.ReadInt32BigEndian(bytes), BinaryPrimitives.ReadInt32BigEndian(bytes[sizeof(int)..]));
            if (entry.RelativeOffset <= previous.RelativeOffset || entry.Position <= previous.Position || entry.Position >= segmentSize) return null;
            index._entries.Add(entry);
            previous = entry;
        }
        return index;
    }

    readonly record struct Entry(int RelativeOffset, int Position);
}
