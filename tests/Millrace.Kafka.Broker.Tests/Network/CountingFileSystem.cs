using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Tests.Network;

/// <summary>The operating system's files, for tests about how often they are read and whether they are closed.</summary>
/// <remarks>Thread-safe.</remarks>
sealed class CountingFileSystem : IFileSystem
{
    readonly PhysicalFileSystem _files = new();
    int _reads;
    int _opened;

    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Files that are open now.</summary>
    public int Opened => Volatile.Read(ref _opened);

    public Descriptors Descriptors => _files.Descriptors;

    public IFile Open(string path) => new CountingFile(this, _files.Open(path));

    public bool FileExists(string path) => _files.FileExists(path);

    public bool DirectoryExists(string path) => _files.DirectoryExists(path);

    public void CreateDirectory(string path) => _files.CreateDirectory(path);

    public IReadOnlyList<string> ListFiles(string directory) => _files.ListFiles(directory);

    public IReadOnlyList<string> ListDirectories(string directory) => _files.ListDirectories(directory);

    public void RenameFile(string from, string to) => _files.RenameFile(from, to);

    public void RenameDirectory(string from, string to) => _files.RenameDirectory(from, to);

    public void DeleteFile(string path) => _files.DeleteFile(path);

    public void DeleteDirectory(string path) => _files.DeleteDirectory(path);

    public void SyncDirectory(string path) => _files.SyncDirectory(path);

    sealed class CountingFile : IFile
    {
        readonly CountingFileSystem _owner;
        readonly IFile _file;

        public CountingFile(CountingFileSystem owner, IFile file)
        {
            (_owner, _file) = (owner, file);
            Interlocked.Increment(ref owner._opened);
        }

        public long Length => _file.Length;

        public int Read(Span<byte> destination, long position)
        {
            Interlocked.Increment(ref _owner._reads);
            return _file.Read(destination, position);
        }

        public void Write(ReadOnlySpan<byte> bytes, long position) => _file.Write(bytes, position);

        public void Write(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail, long position) => _file.Write(head, tail, position);

        public void SetLength(long length) => _file.SetLength(length);

        public void Flush() => _file.Flush();

        public void Dispose()
        {
            _file.Dispose();
            Interlocked.Decrement(ref _owner._opened);
        }
    }
}
