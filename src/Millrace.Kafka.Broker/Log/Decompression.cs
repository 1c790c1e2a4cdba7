using System.IO.Compression;
using K4os.Compression.LZ4.Streams;
using Millrace.Kafka.Protocol.Records;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Millrace.Kafka.Broker.Log;

/// <summary>Reads the records of a batch whatever compressed them, a piece at a time: a batch may claim to be any size.</summary>
static class Decompression
{
    /// <summary>
    /// 8 MiB, what a decoder should support at least (RFC 8878, section 3.1.1.1.2): the frame's header asks for so much memory before a
    /// byte of data is there. A larger window is refused; compressors take one only for data larger than that.
    /// </summary>
    const int ZstdMaxWindowLog = 23;

    /// <summary>A stream of the records. What it throws where the bytes are not of that codec differs from library to library.</summary>
    /// <param name="records">What follows the batch's header; must not change while the stream is read.</param>
    public static Stream Open(CompressionCodec codec, ArraySegment<byte> records)
    {
        var compressed = new MemoryStream(records.Array!, records.Offset, records.Count, writable: false);
        return codec switch
        {
            CompressionCodec.None => compressed,
            CompressionCodec.Gzip => new GZipStream(compressed, CompressionMode.Decompress),
            CompressionCodec.Snappy => new SnappyStream(records),
            CompressionCodec.Lz4 => LZ4Stream.Decode(compressed), // the frame's header allows 4 MiB a block at most
            CompressionCodec.Zstd => Zstd(compressed),
            _ => throw new InvalidDataException($"unknown compression codec {(int)codec}"),
        };
    }

    static DecompressionStream Zstd(Stream compressed)
    {
        var stream = new DecompressionStream(compressed);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdMaxWindowLog);
        return stream;
    }
}
