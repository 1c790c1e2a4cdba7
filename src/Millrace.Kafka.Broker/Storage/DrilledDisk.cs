namespace Millrace.Kafka.Broker.Storage;

/// <summary>
/// A disk that a drill can make full for a while: what needs room fails as with ENOSPC, and all else goes on. It has room again by itself,
/// so a drill that is killed leaves nothing behind. Any thread may call.
/// </summary>
sealed class DrilledDisk(IFileSystem files, TimeProvider clock) : IFileSystem
{
    /// <summary>ENOSPC, on Linux and macOS; .NET passes errno on as the HResult.</summary>
    const int NoSpaceLeft = 28;

    volatile Filling? _filling;

    public Descriptors Descriptors => files.Descriptors;

    /// <param name="length">From now on, whatever was said before. Zero: it has room.</param>
    public void Fill(TimeSpan length) => _filling = new(clock.GetTimestamp(), length);

    public IFile Open(string path)
    {
        if (IsFull && !files.FileExists(path)) throw NoRoom(path);
        return new DrilledFile(this, files.Open(path), path);
    }

    public bool FileExists(string path) => files.FileExists(path);

    public bool DirectoryExists(string path) => files.DirectoryExists(path);

    public void CreateDirectory(string path)
    {
        if (IsFull && !files.DirectoryExists(path)) throw NoRoom(path);
        files.CreateDirectory(path);
    }

    public IReadOnlyList<string> ListFiles(string directory) => files.ListFiles(directory);

    public IReadOnlyList<string> ListDirectories(string directory) => files.ListDirectories(directory);

    public void RenameFile(string from, string to) => files.RenameFile(from, to);

    public void RenameDirectory(string from, string to) => files.RenameDirectory(from, to);

    public void DeleteFile(string path) => files.DeleteFile(path);

    public void DeleteDirectory(string path) => files.DeleteDirectory(path);

    public void SyncDirectory(string path) => files.SyncDirectory(path);

    bool IsFull => _filling is { } filling && clock.GetElapsedTime(filling.Began) < filling.Length;

    static IOException NoRoom(string path) => new($"No space left on device : '{path}'", NoSpaceLeft);

    sealed record Filling(long Began, TimeSpan Length);

    sealed class DrilledFile(DrilledDisk disk, IFile file, string path) : IFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> destination, long position) => file.Read(destination, position);

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            DemandRoomTo(position + bytes.Length);
            file.Write(bytes, position);
        }

        public void Write(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail, long position)
        {
            DemandRoomTo(position + head.Length + tail.Length);
            file.Write(head, tail, position);
        }

        public void SetLength(long length)
        {
            DemandRoomTo(length);
            file.SetLength(length);
        }

        public void Flush() => file.Flush();

        public void Dispose() => file.Dispose();

        void DemandRoomTo(long end)
        {
            if (disk.IsFull && end > file.Length) throw NoRoom(path);
        }
    }
}
