namespace Millrace.Kafka.Broker.Log;

/// <summary>The operating system's files.</summary>
sealed class PhysicalFileSystem : IFileSystem
{
    public IFile Open(string path) => new PhysicalFile(path);

    public bool FileExists(string path) => File.Exists(path);

    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    public IReadOnlyList<string> ListFiles(string directory) => Names(Directory.EnumerateFiles(directory));

    public void RenameFile(string from, string to) => File.Move(from, to, overwrite: true);

    public void DeleteFile(string path) => File.Delete(path);

    public void DeleteDirectory(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }

    static string[] Names(IEnumerable<string> paths) =>
        [.. paths.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
