using Millrace.Kafka.Broker.Log;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>
/// A disk in memory that fails when told to. Opening a log on it again without disposing the first is a <c>kill -9</c>:
/// what was written is there. <see cref="LosePower"/> takes what was not flushed, too. Directories and renames are always durable.
/// </summary>
/// <remarks>Thread-safe.</remarks>
sealed class MemoryFileSystem : IFileSystem
{
    /// <summary>NAME_MAX of Linux's file systems.</summary>
    const int MaxNameLength = 255;

    readonly Lock _lock = new();
    readonly SortedDictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    readonly SortedSet<string> _directories = new(StringComparer.Ordinal);

    /// <summary>What the disk holds at most; a write past it writes what fits and fails, as ENOSPC does.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Asked before each operation with its name and the path; true makes it fail.</summary>
    public Func<string, string, bool> Fails { get; set; } = (_, _) => false;

    /// <summary>Sees the name and path of each operation that changes the disk, before it happens.</summary>
    public Action<string, string>? Changing { get; set; }

    public IFile Open(string path)
    {
        Check("open", path);
        lock (_lock)
        {
            if (!_files.TryGetValue(path, out var file)) _files[path] = file = new MemoryFile(this, path);
            return new MemoryFileHandle(file);
        }
    }

    public bool FileExists(string path) { lock (_lock) return _files.ContainsKey(path); }

    public bool DirectoryExists(string path) { lock (_lock) return _directories.Contains(path); }

    public void CreateDirectory(string path) { lock (_lock) _directories.Add(path); }

    public IReadOnlyList<string> ListFiles(string directory)
    {
        Check("list", directory);
        lock (_lock) return [.. _files.Keys.Where(path => Path.GetDirectoryName(path) == directory).Select(path => Path.GetFileName(path))];
    }

    public void RenameFile(string from, string to)
    {
        Check("rename", to);
        lock (_lock)
        {
            if (!_files.Remove(from, out var file)) throw new FileNotFoundException(from);
            file.Path = to;
            _files[to] = file;
        }
    }

    public void DeleteFile(string path)
    {
        Check("delete", path);
        lock (_lock) _files.Remove(path);
    }

    public void DeleteDirectory(string path)
    {
        Check("delete", path);
        lock (_lock)
        {
            _directories.Remove(path);
            foreach (var file in _files.Keys.Where(file => Path.GetDirectoryName(file) == path).ToList()) _files.Remove(file);
        }
    }

    /// <summary>Changes a file behind the log's back.</summary>
    public void Edit(string path, Func<byte[], byte[]> edit)
    {
        lock (_lock) _files[path].Replace(edit);
    }

    public byte[] Bytes(string path) { lock (_lock) return _files[path].Snapshot(); }

    /// <summary>Every file falls back to what was in it when it was last flushed.</summary>
    public void LosePower()
    {
        lock (_lock)
            foreach (var file in _files.Values) file.FallBackToFlushed();
    }

    /// <summary>An independent copy of all that is on the disk now.</summary>
    public MemoryFileSystem Copy()
    {
        lock (_lock)
        {
            var copy = new MemoryFileSystem();
            copy._directories.UnionWith(_directories);
            foreach (var (path, file) in _files) copy._files[path] = file.CopyFor(copy);
            return copy;
        }
    }

    internal void Check(string operation, string path)
    {
        if (operation is not ("open" or "list" or "read")) Changing?.Invoke(operation, path);
        if (Path.GetFileName(path).Length > MaxNameLength) throw new PathTooLongException(path);
        if (Fails(operation, path)) throw new IOException($"{operation} of {path}: told to fail");
    }

    /// <summary>How many of the wanted bytes a file may still grow by.</summary>
    internal int Grant(int wanted) => (int)Math.Clamp(Capacity - Used, 0, wanted);

    long Used { get { lock (_lock) return _files.Values.Sum(file => (long)file.Length); } }
}
