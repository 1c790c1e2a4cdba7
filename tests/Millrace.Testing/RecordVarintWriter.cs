using System.Buffers;

namespace Millrace.Testing;

/// <summary>Writes the integers inside records, as a producer does; the broker only reads them.</summary>
public static class RecordVarintWriter
{
    const int MaxBytes = 10;

    public static void Write(IBufferWriter<byte> to, long value)
    {
        var span = to.GetSpan(MaxBytes);
        var raw = (ulong)((value << 1) ^ (value >> 63));
        var length = 0;
        for (; raw >= 0x80; raw >>= 7) span[length++] = (byte)(raw | 0x80);
        span[length++] = (byte)raw;
        to.Advance(length);
    }
}
