using Microsoft.Win32.SafeHandles;

namespace Millrace.Kafka.Broker.Storage;

/// <summary>
/// A file handle used through pread, pwrite and pwritev: it has no position of its own, and nothing is buffered in the process.
/// </summary>
sealed class PhysicalFile : IFile
{
    readonly FileStream _stream;
    readonly SafeFileHandle _handle;
    readonly Descriptors _descriptors;
    int _closed;

    public PhysicalFile(string path, Descriptors descriptors)
    {
        _stream = new(path, PrivateFile.Options(FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete));
        _handle = _stream.SafeFileHandle;
        _descriptors = descriptors;
        descriptors.Opened();
    }

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(Span<byte> destination, long position)
    {
        var total = 0;
        while (total < destination.Length)
        {
            var read = RandomAccess.Read(_handle, destination[total..], position + total);
            if (read == 0) break;
            total += read;
        }
        return total;
    }

    public void Write(ReadOnlySpan<byte> bytes, long position) => RandomAccess.Write(_handle, bytes, position);

    public void Write(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail, long position) =>
        RandomAccess.Write(_handle, [head, tail], position);

    public void SetLength(long length) => RandomAccess.SetLength(_handle, length);

    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Dispose()
    {
        _stream.Dispose();
        if (Interlocked.Exchange(ref _closed, 1) == 0) _descriptors.Closed();
    }
}
