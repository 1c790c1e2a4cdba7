using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// Knows how compressed data begins. Catches a codec that was named wrongly, not one flipped bit: the batch's CRC is for that.
/// </summary>
static class CompressedFrames
{
    /// <summary>RFC 1952, section 2.3.1.</summary>
    static ReadOnlySpan<byte> GzipMagic => [0x1f, 0x8b];

    /// <summary>https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md</summary>
    static ReadOnlySpan<byte> Lz4Magic => [0x04, 0x22, 0x4d, 0x18];

    /// <summary>RFC 8878, section 3.1.1.</summary>
    static ReadOnlySpan<byte> ZstdMagic => [0x28, 0xb5, 0x2f, 0xfd];

    public static bool StartsSoundly(CompressionCodec codec, ReadOnlySpan<byte> records) => codec switch
    {
        CompressionCodec.Gzip => records.StartsWith(GzipMagic),
        CompressionCodec.Lz4 => records.StartsWith(Lz4Magic),
        CompressionCodec.Zstd => records.StartsWith(ZstdMagic),
        // Snappy has no magic of its own: Java clients put the xerial header before it, librdkafka may send it bare.
        _ => !records.IsEmpty,
    };
}
