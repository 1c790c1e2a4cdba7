namespace Millrace.ClickHouse.Compression;

/// <summary>Reads compressed blocks. A damaged or unfinished one is an <see cref="InvalidDataException"/>, never an end.</summary>
sealed class DecompressingStream(Stream inner) : Stream
{
    /// <summary>Read at once of a block, however large it says to be. Below the size of the large-object heap.</summary>
    const int FirstBytes = 64 * 1024;

    ReadOnlyMemory<byte> _block;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_block.IsEmpty)
            if (!await ReadBlockAsync(cancellationToken)) return 0;
        var count = Math.Min(buffer.Length, _block.Length);
        _block[..count].CopyTo(buffer);
        _block = _block[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    async Task<bool> ReadBlockAsync(CancellationToken cancellation)
    {
        var start = new byte[CompressedBlock.ChecksumSize + CompressedBlock.HeaderSize];
        var count = await inner.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
        if (count == 0) return false;
        if (count < start.Length) throw CutOff();
        var size = CompressedBlock.ChecksumSize + CompressedBlock.ReadSize(start);
        _block = CompressedBlock.Decode(await ReadWholeAsync(start, size, cancellation));
        return true;
    }

    /// <summary>A claimed size costs nothing: the buffer grows with the bytes that are there.</summary>
    async Task<byte[]> ReadWholeAsync(byte[] start, int size, CancellationToken cancellation)
    {
        var encoded = new byte[Math.Min(size, FirstBytes)];
        start.CopyTo(encoded, 0);
        for (var length = start.Length; ; Array.Resize(ref encoded, (int)Math.Min(size, 2L * length)))
        {
            var wanted = encoded.Length - length;
            var read = await inner.ReadAtLeastAsync(encoded.AsMemory(length), wanted, throwOnEndOfStream: false, cancellation);
            if (read < wanted) throw CutOff();
            length = encoded.Length;
            if (length == size) return encoded;
        }
    }

    static InvalidDataException CutOff() => new("The compressed block is cut off.");
}
