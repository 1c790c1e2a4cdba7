namespace Millrace.Kafka.Broker.Storage;

/// <summary>
/// The disk as the broker sees it. Everything the broker keeps goes through here, so that a torn write, a failed flush, a full disk and a
/// loss of power are unit tests.
/// </summary>
/// <remarks>
/// Thread-safe. Every method throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> on failure: see
/// <see cref="DiskFailure"/>.
/// </remarks>
interface IFileSystem
{
    /// <summary>How many more files the process may open.</summary>
    Descriptors Descriptors { get; }

    /// <summary>Opens for reading and writing; makes an empty file, for this user alone, where there is none.</summary>
    IFile Open(string path);

    bool FileExists(string path);

    bool DirectoryExists(string path);

    /// <summary>Makes the directory and its parents, for this user alone; does nothing where it exists.</summary>
    void CreateDirectory(string path);

    /// <summary>Names of files, without the directory, in ordinal order.</summary>
    IReadOnlyList<string> ListFiles(string directory);

    /// <summary>Names of directories, as <see cref="ListFiles"/>.</summary>
    IReadOnlyList<string> ListDirectories(string directory);

    /// <summary>Renames atomically, replacing <paramref name="to"/>.</summary>
    void RenameFile(string from, string to);

    /// <summary>Renames with all it holds; fails where <paramref name="to"/> exists.</summary>
    void RenameDirectory(string from, string to);

    /// <summary>Does nothing where there is no such file. Open <see cref="IFile"/>s of it stay readable.</summary>
    void DeleteFile(string path);

    /// <summary>Deletes the directory with all it holds; does nothing where there is none.</summary>
    void DeleteDirectory(string path);

    /// <summary>
    /// fsync of a directory: when it returns, a loss of power takes back no file or directory made, renamed or deleted in it before. Until
    /// then it may take back any of them, each by itself.
    /// </summary>
    void SyncDirectory(string path);
}
