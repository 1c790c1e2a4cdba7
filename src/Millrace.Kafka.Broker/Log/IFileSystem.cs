namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// The disk as the broker sees it. Everything the broker keeps goes through here, so that a torn write, a failed flush and a full disk are unit tests.
/// </summary>
/// <remarks>Thread-safe. Every method throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> on failure: see <see cref="DiskFailure"/>.</remarks>
interface IFileSystem
{
    /// <summary>Opens for reading and writing; makes an empty file where there is none.</summary>
    IFile Open(string path);

    bool FileExists(string path);

    /// <summary>Makes the directory and its parents; does nothing where it exists.</summary>
    void CreateDirectory(string path);

    /// <summary>Names, without the directory, in ordinal order.</summary>
    IReadOnlyList<string> ListFiles(string directory);

    /// <summary>Renames atomically, replacing <paramref name="to"/>.</summary>
    void RenameFile(string from, string to);

    /// <summary>Does nothing where there is no such file. Open <see cref="IFile"/>s of it stay readable.</summary>
    void DeleteFile(string path);

    /// <summary>Deletes the directory with all it holds; does nothing where there is none.</summary>
    void DeleteDirectory(string path);
}
