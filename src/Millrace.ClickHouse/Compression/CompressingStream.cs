namespace Millrace.ClickHouse.Compression;

/// <summary>Writes compressed blocks. Disposing it sends what is left and leaves the stream below open.</summary>
sealed class CompressingStream(Stream inner) : WriteOnlyStream
{
    const int BlockBytes = 256 * 1024;

    readonly byte[] _block = new byte[BlockBytes];
    readonly byte[] _encoded = new byte[CompressedBlock.MaxEncoded(BlockBytes)];
    int _length;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            var count = Math.Min(buffer.Length, BlockBytes - _length);
            buffer[..count].CopyTo(_block.AsMemory(_length));
            _length += count;
            buffer = buffer[count..];
            if (_length == BlockBytes) await SendBlockAsync(cancellationToken);
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_length > 0) await SendBlockAsync(cancellationToken);
        await inner.FlushAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_length > 0) await SendBlockAsync(CancellationToken.None);
        await base.DisposeAsync();
    }

    ValueTask SendBlockAsync(CancellationToken cancellation)
    {
        var size = CompressedBlock.Encode(_block.AsSpan(0, _length), _encoded);
        _length = 0;
        return inner.WriteAsync(_encoded.AsMemory(0, size), cancellation);
    }
}
