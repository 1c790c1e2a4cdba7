using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>The bytes of one file of a <see cref="MemoryFileSystem"/>, and those that have been flushed.</summary>
/// <remarks>Thread-safe.</remarks>
sealed class MemoryFile(MemoryFileSystem disk, string path)
{
    readonly Lock _lock = new();
    byte[] _bytes = [];
    byte[] _flushed = [];
    int _length;

    public string Path { get; set; } = path;

    public int Length { get { lock (_lock) return _length; } }

    public byte[] Snapshot() { lock (_lock) return _bytes[.._length]; }

    public int Read(Span<byte> destination, long position)
    {
        disk.Check("read", Path);
        lock (_lock)
        {
            var count = (int)Math.Clamp(_length - position, 0, destination.Length);
            _bytes.AsSpan((int)Math.Min(position, _length), count).CopyTo(destination);
            return count;
        }
    }

    /// <summary>On a full disk writes what fits; told to fail it writes half, as a torn write does.</summary>
    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        var room = disk.Grant((int)Math.Max(0, position + bytes.Length - Length));
        var fitting = (int)Math.Min(bytes.Length, Math.Max(0, Length - position) + room);
        try
        {
            disk.Check("write", Path);
        }
        catch (IOException)
        {
            Store(bytes[..(fitting / 2)], position);
            throw;
        }
        Store(bytes[..fitting], position);
        if (fitting < bytes.Length) throw new IOException($"no space left on device for {Path}");
    }

    public void SetLength(long length)
    {
        disk.Check("truncate", Path);
        lock (_lock)
        {
            EnsureRoom((int)length);
            if (length < _length) _bytes.AsSpan((int)length, _length - (int)length).Clear();
            _length = (int)length;
        }
    }

    public void Flush()
    {
        disk.Check("flush", Path);
        lock (_lock) _flushed = _bytes[.._length];
    }

    public void FallBackToFlushed() => Replace(_ => _flushed);

    public void Replace(Func<byte[], byte[]> edit)
    {
        lock (_lock)
        {
            _bytes = [.. edit(_bytes[.._length])];
            _length = _bytes.Length;
        }
    }

    public MemoryFile CopyFor(MemoryFileSystem other)
    {
        lock (_lock) return new MemoryFile(other, Path) { _bytes = _bytes[.._length], _length = _length, _flushed = _flushed };
    }

    void Store(ReadOnlySpan<byte> bytes, long position)
    {
        lock (_lock)
        {
            EnsureRoom((int)position + bytes.Length);
            bytes.CopyTo(_bytes.AsSpan((int)position));
            _length = Math.Max(_length, (int)position + bytes.Length);
        }
    }

    void EnsureRoom(int length)
    {
        if (_bytes.Length < length) Array.Resize(ref _bytes, Math.Max(length, _bytes.Length * 2));
    }
}

/// <summary>One opening of a <see cref="MemoryFile"/>: using it after it was closed is a bug of the log, and shows as one.</summary>
sealed class MemoryFileHandle(MemoryFile file) : IFile
{
    volatile bool _closed;

    public long Length => Opened.Length;

    public int Read(Span<byte> destination, long position) => Opened.Read(destination, position);

    public void Write(ReadOnlySpan<byte> bytes, long position) => Opened.Write(bytes, position);

    public void Write(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail, long position) =>
        Opened.Write([.. head.Span, .. tail.Span], position);

    public void SetLength(long length) => Opened.SetLength(length);

    public void Flush() => Opened.Flush();

    public void Dispose() => _closed = true;

    MemoryFile Opened => _closed ? throw new ObjectDisposedException(file.Path) : file;
}
