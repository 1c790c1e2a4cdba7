using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>
/// A disk in memory that fails when told to. Opening a log on it again without disposing the first is a <c>kill -9</c>: what was written is
/// there, under its newest name. <see cref="LosePower"/> also takes what was not flushed, and the names whose directory was not synced.
/// </summary>
/// <remarks>Thread-safe. Directories that a test names without making them have always been there.</remarks>
sealed class MemoryFileSystem : IFileSystem
{
    /// <summary>NAME_MAX of Linux's file systems.</summary>
    const int MaxNameLength = 255;

    readonly Lock _lock = new();
    MemoryDirectory _root = new();

    /// <summary>What the disk holds at most; a write past it writes what fits and fails, as ENOSPC does.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    public Descriptors Descriptors { get; set; } = Descriptors.Unlimited;

    /// <summary>Asked before each operation with its name and the path; true makes it fail.</summary>
    public Func<string, string, bool> Fails { get; set; } = (_, _) => false;

    /// <summary>What a failure looks like; an error of the disk unless told otherwise.</summary>
    public Func<string, Exception> Failure { get; set; } = message => new IOException(message);

    /// <summary>Sees the name and path of each operation that changes the disk, before it happens.</summary>
    public Action<string, string>? Changing { get; set; }

    public IFile Open(string path)
    {
        Check("open", path);
        lock (_lock)
        {
            var entries = Parent(path).Entries;
            if (!entries.TryGetValue(Path.GetFileName(path), out var file))
                entries[Path.GetFileName(path)] = file = new MemoryFile(this, path);
            return file is MemoryFile opened
                ? new MemoryFileHandle(opened)
                : throw new UnauthorizedAccessException($"{path} is a directory");
        }
    }

    public bool FileExists(string path) { lock (_lock) return Find(path) is MemoryFile; }

    public bool DirectoryExists(string path) { lock (_lock) return Find(path) is MemoryDirectory; }

    public void CreateDirectory(string path)
    {
        lock (_lock)
        {
            var directory = _root;
            foreach (var name in Names(path))
            {
                if (!directory.Entries.TryGetValue(name, out var entry)) directory.Entries[name] = entry = new MemoryDirectory();
                directory = (MemoryDirectory)entry;
            }
        }
    }

    public IReadOnlyList<string> ListFiles(string directory) => List<MemoryFile>(directory);

    public IReadOnlyList<string> ListDirectories(string directory) => List<MemoryDirectory>(directory);

    public void RenameFile(string from, string to)
    {
        Check("rename", to);
        lock (_lock)
        {
            if (Find(from) is not MemoryFile file) throw new FileNotFoundException(from);
            Parent(from).Entries.Remove(Path.GetFileName(from));
            Parent(to).Entries[Path.GetFileName(to)] = file;
            file.Path = to;
        }
    }

    public void RenameDirectory(string from, string to)
    {
        Check("rename", to);
        lock (_lock)
        {
            if (Find(from) is not MemoryDirectory directory) throw new DirectoryNotFoundException(from);
            if (Find(to) is not null) throw new IOException($"{to} exists");
            Parent(from).Entries.Remove(Path.GetFileName(from));
            Parent(to).Entries[Path.GetFileName(to)] = directory;
        }
    }

    public void DeleteFile(string path)
    {
        Check("delete", path);
        lock (_lock)
            if (Find(path) is MemoryFile) Parent(path).Entries.Remove(Path.GetFileName(path));
    }

    public void DeleteDirectory(string path)
    {
        Check("delete", path);
        lock (_lock)
            if (Find(path) is MemoryDirectory) Parent(path).Entries.Remove(Path.GetFileName(path));
    }

    public void SyncDirectory(string path)
    {
        Check("sync", path);
        lock (_lock)
        {
            if (path == "/") _root.Sync();
            else if (Find(path) is MemoryDirectory directory) directory.Sync();
            else throw new DirectoryNotFoundException(path);
        }
    }

    /// <summary>Changes a file behind the log's back.</summary>
    public void Edit(string path, Func<byte[], byte[]> edit)
    {
        lock (_lock) ((MemoryFile)Find(path)!).Replace(edit);
    }

    public byte[] Bytes(string path) { lock (_lock) return ((MemoryFile)Find(path)!).Snapshot(); }

    /// <summary>All names that are there now survive a loss of power, as those do that were made long ago.</summary>
    public void SyncNames() { lock (_lock) _root.SyncAll(); }

    /// <summary>
    /// Every file falls back to what was in it when it was last flushed, and every name to what it stood for when its directory was last
    /// synced.
    /// </summary>
    /// <param name="survives">Asked for each such name whether the file system has written it all the same; none unless given.</param>
    public void LosePower(Func<bool>? survives = null) { lock (_lock) _root.LosePower(survives ?? (() => false)); }

    /// <summary>An independent copy of all that is on the disk now.</summary>
    public MemoryFileSystem Copy()
    {
        lock (_lock)
        {
            var copy = new MemoryFileSystem();
            copy._root = _root.CopyFor(copy, []);
            return copy;
        }
    }

    internal void Check(string operation, string path)
    {
        if (operation is not ("open" or "list" or "read")) Changing?.Invoke(operation, path);
        if (Path.GetFileName(path).Length > MaxNameLength) throw new PathTooLongException(path);
        if (Fails(operation, path)) throw Failure($"{operation} of {path}: told to fail");
    }

    /// <summary>How many of the wanted bytes a file may still grow by.</summary>
    internal int Grant(int wanted) => (int)Math.Clamp(Capacity - Used, 0, wanted);

    long Used { get { lock (_lock) return _root.Files.Sum(file => (long)file.Length); } }

    static string[] Names(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    string[] List<T>(string path)
    {
        Check("list", path);
        lock (_lock)
        {
            var directory = path == "/" ? _root : Find(path) as MemoryDirectory ?? throw new DirectoryNotFoundException(path);
            return [.. directory.Entries.Where(entry => entry.Value is T).Select(entry => entry.Key)];
        }
    }

    object? Find(string path)
    {
        object? entry = _root;
        foreach (var name in Names(path)) entry = (entry as MemoryDirectory)?.Entries.GetValueOrDefault(name);
        return entry;
    }

    /// <summary>Of a file; made, and on the device, where a test did not.</summary>
    MemoryDirectory Parent(string path)
    {
        var directory = _root;
        foreach (var name in Names(path)[..^1])
        {
            if (!directory.Entries.TryGetValue(name, out var entry))
            {
                directory.Entries[name] = entry = new MemoryDirectory();
                directory.Sync();
            }
            directory = (MemoryDirectory)entry;
        }
        return directory;
    }
}
