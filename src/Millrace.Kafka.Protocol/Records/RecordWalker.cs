namespace Millrace.Kafka.Protocol.Records;

/// <summary>
/// Steps through the uncompressed records of one batch, checking that each is framed as its lengths say. Copies nothing.
/// <code>
/// record: length varint, attributes int8, timestamp delta varint, offset delta varint,
///         key length varint (-1 null), key, value length varint (-1 null), value,
///         header count varint, and for each: key length, key, value length (-1 null), value
/// </code>
/// </summary>
/// <param name="records">The bytes after the batch's header.</param>
public ref struct RecordWalker(ReadOnlySpan<byte> records)
{
    readonly ReadOnlySpan<byte> _records = records;
    int _position;

    /// <summary>To be added to the batch's base timestamp.</summary>
    public long TimestampDelta { get; private set; }

    /// <summary>To be added to the batch's base offset.</summary>
    public long OffsetDelta { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether every byte has been passed.</summary>
    public readonly bool AtEnd => _position == _records.Length;

    /// <summary>Passes the next record; false when it is not a whole, well-formed record.</summary>
    public bool MoveNext()
    {
        if (!TryReadInt32(out var length) || length <= 0 || length > _records.Length - _position) return false;
        var end = _position + length;
        _position++;
        if (!RecordVarint.TryRead(_records, ref _position, out var timestampDelta)) return false;
        if (!RecordVarint.TryRead(_records, ref _position, out var offsetDelta)) return false;
        if (!TrySkipBytes(out _) || !TrySkipBytes(out var value) || !TrySkipHeaders()) return false;
        TimestampDelta = timestampDelta;
        OffsetDelta = offsetDelta;
        Value = value;
        return _position == end;
    }

    bool TrySkipHeaders()
    {
        if (!TryReadInt32(out var count) || count < 0) return false;
        for (; count > 0; count--)
            if (!TryReadInt32(out var keyLength) || keyLength < 0 || !TrySkip(keyLength) || !TrySkipBytes(out _)) return false;
        return true;
    }

    bool TrySkipBytes(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!TryReadInt32(out var length) || length < -1) return false;
        if (length == -1) return true;
        var start = _position;
        if (!TrySkip(length)) return false;
        bytes = _records.Slice(start, length);
        return true;
    }

    bool TrySkip(int count)
    {
        if (count > _records.Length - _position) return false;
        _position += count;
        return true;
    }

    bool TryReadInt32(out int value)
    {
        var read = RecordVarint.TryRead(_records, ref _position, out var wide);
        value = (int)wide;
        return read && wide == value;
    }
}
