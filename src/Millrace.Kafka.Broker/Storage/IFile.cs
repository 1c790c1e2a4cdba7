namespace Millrace.Kafka.Broker.Storage;

/// <summary>An open file that is read and written by position, so that readers need no lock.</summary>
/// <remarks>Reads may run beside a write to other bytes; writes and <see cref="SetLength"/> belong to one owner at a time.</remarks>
interface IFile : IDisposable
{
    /// <summary>In bytes.</summary>
    long Length { get; }

    /// <summary>Returns the bytes read: fewer than asked only at the end of the file, 0 past it.</summary>
    int Read(Span<byte> destination, long position);

    /// <summary>
    /// Writes all bytes. Once this has returned they survive the end of the process, but not a loss of power: that takes
    /// <see cref="Flush"/>. After an exception any part of them may have been written.
    /// </summary>
    void Write(ReadOnlySpan<byte> bytes, long position);

    /// <summary>
    /// Writes <paramref name="head"/> and then <paramref name="tail"/> in one system call; otherwise as
    /// <see cref="Write(ReadOnlySpan{byte}, long)"/>.
    /// </summary>
    void Write(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail, long position);

    /// <summary>Truncates, or extends by zeros.</summary>
    void SetLength(long length);

    /// <summary>fsync: returns when the device has the bytes.</summary>
    void Flush();
}
