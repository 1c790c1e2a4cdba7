namespace Millrace.Kafka.Broker.Storage;

/// <summary>The operating system's files.</summary>
sealed class PhysicalFileSystem : IFileSystem
{
    public Descriptors Descriptors { get; } = Descriptors.OfThisProcess();

    public IFile Open(string path) => new PhysicalFile(path, Descriptors);

    public bool FileExists(string path) => File.Exists(path);

    public bool DirectoryExists(string path) => Directory.Exists(path);

    public void CreateDirectory(string path) => PrivateFile.CreateDirectory(path);

    public IReadOnlyList<string> ListFiles(string directory) => Names(Directory.EnumerateFiles(directory));

    public IReadOnlyList<string> ListDirectories(string directory) => Names(Directory.EnumerateDirectories(directory));

    public void RenameFile(string from, string to) => File.Move(from, to, overwrite: true);

    public void RenameDirectory(string from, string to) => Directory.Move(from, to);

    public void DeleteFile(string path) => File.Delete(path);

    public void DeleteDirectory(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }

    public void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) return; // NTFS keeps a journal of its own, and directories can't be flushed
        using var directory = LibC.OpenDirectory(path);
        RandomAccess.FlushToDisk(directory);
    }

    static string[] Names(IEnumerable<string> paths) =>
        [.. paths.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
