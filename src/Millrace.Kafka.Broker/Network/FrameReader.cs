using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Network;

/// <summary>
/// Cuts what a socket receives into frames: int32 size, then so many bytes. A frame that fits the receive buffer is a slice of it; a larger
/// one is received straight into memory of its own, so that a record batch is not copied between the socket and the log.
/// </summary>
/// <param name="memory">What frames of all connections share that don't fit the receive buffer.</param>
/// <param name="aborted">Ends a wait for memory.</param>
/// <remarks>Not thread-safe. Owns the receive buffer and, until the next read, the frame it gave out.</remarks>
sealed class FrameReader(Socket socket, int maxFrameBytes, RequestMemory memory, CancellationToken aborted) : IDisposable
{
    const int SizeBytes = 4;
    const int ReceiveBufferBytes = 64 * 1024;

    /// <summary>
    /// Memory given on the word of a size prefix alone; more follows only as bytes arrive. Above the 1 MiB that clients send by default
    /// (max.request.size, message.max.bytes), so that ordinary frames are never moved.
    /// </summary>
    const int TrustedBytes = 2 * 1024 * 1024;

    // Not from the pool: a receive may still be under way when the connection is disposed.
    readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(ReceiveBufferBytes);
    byte[]? _largeFrame;

    /// <summary>Bytes of the shared memory that the large frame has.</summary>
    long _taken;

    bool _hasRest;
    int _start;
    int _end;
    Task<int>? _readAhead;

    /// <summary>The next frame without its size, valid until the next call; null when the peer has closed the connection.</summary>
    /// <exception cref="ProtocolViolationException">
    /// The size is negative or above the cap, or the connection ends within a frame.
    /// </exception>
    /// <exception cref="OperationCanceledException">The connection was aborted while it waited for memory.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync()
    {
        ReturnLargeFrame();
        if (!await FillAsync(SizeBytes)) return null;
        var size = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        if (size < 0 || size > maxFrameBytes)
            throw new ProtocolViolationException($"a frame of {size} bytes, where at most {maxFrameBytes} are taken");
        if (size > ReceiveBufferBytes - SizeBytes) return await ReadLargeAsync(size);

        if (!await FillAsync(SizeBytes + size)) throw EndsEarly();
        var frame = _buffer.AsMemory(_start + SizeBytes, size);
        _start += SizeBytes + size;
        return frame;
    }

    /// <summary>
    /// Receives on while the last frame is still in use, until its request is done, the connection has ended or the buffer is full. That is
    /// how a request that waits learns that nobody waits for it any more, whatever was sent after it.
    /// </summary>
    /// <returns>Whether the connection still stands, as far as is known.</returns>
    public async Task<bool> WatchAsync(Task request)
    {
        try
        {
            while (_end < _buffer.Length)
            {
                _readAhead ??= socket.ReceiveAsync(_buffer.AsMemory(_end)).AsTask();
                if (await Task.WhenAny(request, _readAhead) == request) break;
                if (!await ReceiveAsync(0)) return false;
            }
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    public void Dispose() => ReturnLargeFrame();

    /// <summary>Makes the buffer hold <paramref name="count"/> bytes from <see cref="_start"/> on.</summary>
    /// <returns>false when the connection ended between two frames.</returns>
    async ValueTask<bool> FillAsync(int count)
    {
        while (_end - _start < count)
        {
            if (await ReceiveAsync(count)) continue;
            return _end == _start ? false : throw EndsEarly();
        }
        return true;
    }

    /// <summary>Receives once, or takes what was received ahead; the buffer is moved only while no receive is under way.</summary>
    /// <returns>false when the connection has ended.</returns>
    async ValueTask<bool> ReceiveAsync(int count)
    {
        if (_readAhead is null) MakeRoom(count);
        var received = _readAhead is { } ahead ? await ahead : await socket.ReceiveAsync(_buffer.AsMemory(_end));
        _readAhead = null;
        _end += received;
        return received > 0;
    }

    void MakeRoom(int count)
    {
        if (_start == _end) _start = _end = 0;
        if (_start + count <= _buffer.Length) return;
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
    }

    async ValueTask<ReadOnlyMemory<byte>?> ReadLargeAsync(int size)
    {
        if (_readAhead is not null && !await ReceiveAsync(0)) throw EndsEarly();
        var trusted = Math.Min(size, TrustedBytes);
        await memory.TakeAsync(trusted, aborted);
        _taken = trusted;
        _largeFrame = ArrayPool<byte>.Shared.Rent(trusted);
        var filled = _end - _start - SizeBytes;
        _buffer.AsSpan(_start + SizeBytes, filled).CopyTo(_largeFrame);
        _start = _end = 0;
        while (filled < size)
        {
            if (filled >= trusted && !_hasRest) await TakeRestAsync(size - trusted);
            if (filled == _largeFrame.Length) GrowLargeFrame(size);
            var received = await socket.ReceiveAsync(_largeFrame.AsMemory(filled, Math.Min(size, _largeFrame.Length) - filled));
            if (received == 0) throw EndsEarly();
            filled += received;
        }
        return _largeFrame.AsMemory(0, size);
    }

    async Task TakeRestAsync(int bytes)
    {
        await memory.TakeRestAsync(bytes, aborted);
        _taken += bytes;
        _hasRest = true;
    }

    void GrowLargeFrame(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(size, 2L * _largeFrame!.Length));
        _largeFrame.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_largeFrame);
        _largeFrame = larger;
    }

    void ReturnLargeFrame()
    {
        if (_taken == 0) return;
        if (_largeFrame is not null) ArrayPool<byte>.Shared.Return(_largeFrame);
        _largeFrame = null;
        memory.GiveBack(_taken, _hasRest);
        (_taken, _hasRest) = (0, false);
    }

    static ProtocolViolationException EndsEarly() => new("the connection ended within a frame");
}
