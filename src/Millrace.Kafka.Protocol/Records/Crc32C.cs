using System.Buffers.Binary;
using System.Numerics;

namespace Millrace.Kafka.Protocol.Records;

/// <summary>
/// CRC-32C (Castagnoli), the checksum of record batches and producer snapshots. <see cref="BitOperations"/> uses the processor's
/// own instruction where there is one (SSE4.2, Armv8 CRC) and a table elsewhere.
/// </summary>
public static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> bytes) => Continue(0, bytes);

    /// <summary>The checksum of what <paramref name="crc"/> was computed over, followed by <paramref name="bytes"/>.</summary>
    public static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        var state = ~crc;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) state = BitOperations.Crc32C(state, b);
        return ~state;
    }
}
