namespace Millrace.Kafka.Protocol.Records;

/// <summary>The integers inside records: zigzag (small negative numbers stay short), then LEB128, at most ten bytes.</summary>
public static class RecordVarint
{
    /// <summary>Of one integer.</summary>
    public const int MaxBytes = 10;

    /// <summary>Reads at <paramref name="position"/> and moves it on; false when the bytes end or the number does not.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int position, out long value)
    {
        var raw = 0UL;
        value = 0;
        for (var i = 0; i < MaxBytes; i++)
        {
            if ((uint)position >= (uint)bytes.Length) return false;
            var b = bytes[position++];
            raw |= (ulong)(b & 0x7f) << (7 * i);
            if (b >= 0x80) continue;
            value = (long)(raw >> 1) ^ -(long)(raw & 1);
            return true;
        }
        return false;
    }
}
