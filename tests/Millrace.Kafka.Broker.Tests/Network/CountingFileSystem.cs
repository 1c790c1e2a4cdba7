using Millrace.Kafka.Broker.Log;

namespace Millrace.Kafka.Broker.Tests.Network;

/// <summary>The operating system's files, for tests about how often they are read.</summary>
/// <remarks>Thread-safe.</remarks>
sealed class CountingFileSystem : IFileSystem
{
    readonly PhysicalFileSystem _files = new();
    int _reads;

    public int Reads => Volatile.Read(ref _reads);

    public IFile Open(string path) => new CountingFile(this, _files.Open(path));

    public bool FileExists(string path) => _files.FileExists(path);

    public void CreateDirectory(string path) => _files.CreateDirectory(path);

    public IReadOnlyList<string> ListFiles(string directory) => _files.ListFiles(directory);

    public void RenameFile(string from, string to) => _files.RenameFile(from, to);

    public void DeleteFile(string path) => _files.DeleteFile(path);

    public void DeleteDirectory(string path) => _files.DeleteDirectory(path);

    sealed class CountingFile(CountingFileSystem owner, IFile file) : IFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> destination, long position)
        {
            Interlocked.Increment(ref owner._reads);
            return file.Read(destination, position);
        }

        public void Write(ReadOnlySpan<byte> bytes, long position) => file.Write(bytes, position);

        public void Write(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail, long position) => file.Write(head, tail, position);

        public void SetLength(long length) => file.SetLength(length);

        public void Flush() => file.Flush();

        public void Dispose() => file.Dispose();
    }
}
