using System.Buffers.Binary;
using Snappier;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// Decompresses snappy as Kafka clients send it, block by block: in the frame of the xerial library (Java: a header of 16 bytes, then
/// blocks, each after its length as int32), or as one block without any frame (librdkafka).
/// </summary>
/// <remarks>Not thread-safe; reads forward only.</remarks>
sealed class SnappyStream : Stream
{
    /// <summary>https://github.com/xerial/snappy-java, SnappyCodec.java: magic, version, oldest version that can read it.</summary>
    static ReadOnlySpan<byte> XerialMagic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    const int XerialHeaderBytes = 16;

    /// <summary>
    /// The densest element is a copy of 64 bytes, written in 3: a block that claims more lies
    /// (https://github.com/google/snappy/blob/main/format_description.txt).
    /// </summary>
    const int MaxRatio = 22;

    readonly bool _framed;
    ReadOnlyMemory<byte> _compressed;
    ReadOnlyMemory<byte> _block;

    public SnappyStream(ReadOnlyMemory<byte> compressed)
    {
        _framed = compressed.Span.StartsWith(XerialMagic);
        _compressed = _framed ? compressed[XerialHeaderBytes..] : compressed;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (_block.IsEmpty && !_compressed.IsEmpty) _block = Decompress(NextBlock());
        var count = Math.Min(buffer.Length, _block.Length);
        _block.Span[..count].CopyTo(buffer);
        _block = _block[count..];
        return count;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    ReadOnlySpan<byte> NextBlock()
    {
        var (start, length) = _framed ? (sizeof(int), BinaryPrimitives.ReadInt32BigEndian(_compressed.Span)) : (0, _compressed.Length);
        var block = _compressed.Slice(start, length);
        _compressed = _compressed[(start + length)..];
        return block.Span;
    }

    static byte[] Decompress(ReadOnlySpan<byte> block)
    {
        var claimed = Snappy.GetUncompressedLength(block);
        if (claimed > (long)block.Length * MaxRatio) throw new InvalidDataException($"a snappy block of {block.Length} bytes claims {claimed}");
        return Snappy.DecompressToArray(block);
    }
}
