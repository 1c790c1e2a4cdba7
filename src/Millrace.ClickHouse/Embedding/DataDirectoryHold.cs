using Millrace.ClickHouse.Errors;

namespace Millrace.ClickHouse.Embedding;

/// <summary>The host's hold on its data directory: one process at a time, by a locked file that a crash unlocks.</summary>
sealed class DataDirectoryHold : IDisposable
{
    /// <summary>EWOULDBLOCK, which .NET passes on as the HResult of a lock that is taken.</summary>
    const int WouldBlockOnLinux = 11, WouldBlockOnMacOS = 35;

    /// <summary>ENOSPC, in the same way.</summary>
    public const int NoSpace = 28;

    readonly FileStream _lock;

    DataDirectoryHold(FileStream @lock) => _lock = @lock;

    /// <exception cref="ClickHouseStartException">Another process holds it, or it can't be used; the message says why.</exception>
    public static DataDirectoryHold Take(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var file = Path.Combine(path, "millrace.lock");
            if (new FileInfo(file).LinkTarget is not null) throw new IOException($"{file} is a symbolic link");
            return new DataDirectoryHold(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, e);
        }
    }

    /// <summary>What to tell of a file below the directory that can't be opened or written.</summary>
    public static ClickHouseStartException Refused(string path, Exception e) => new(Explain(path, e), e);

    public void Dispose() => _lock.Dispose();

    static string Explain(string path, Exception e) => e switch
    {
        { HResult: WouldBlockOnLinux or WouldBlockOnMacOS } =>
            $"Another ClickHouse uses the data directory {path}: stop it with ./millrace down, or choose another directory.",
        UnauthorizedAccessException => $"The data directory {path} is not writable: choose another one, or make it writable for you.",
        { HResult: NoSpace } => $"There is no space left for the data directory {path}: make room, or choose another one.",
        _ when File.Exists(path) => $"The data directory {path} is a file: choose another one, or move the file away.",
        _ => $"The data directory {path} can't be used ({e.Message}): choose another one.",
    };
}
