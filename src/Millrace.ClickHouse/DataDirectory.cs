namespace Millrace.ClickHouse;

/// <summary>The host's hold on its data directory: one process at a time, by a locked file that a crash unlocks.</summary>
sealed class DataDirectory : IDisposable
{
    readonly FileStream _lock;

    DataDirectory(FileStream @lock) => _lock = @lock;

    /// <exception cref="ClickHouseStartException">Not writable, or another process holds it.</exception>
    public static DataDirectory Take(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClickHouseStartException($"The data directory {path} can't be made ({e.Message}): choose another one, or make it writable for you.", e);
        }
        return new DataDirectory(Lock(path));
    }

    public void Dispose() => _lock.Dispose();

    static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, "millrace.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ClickHouseStartException($"The data directory {path} is not writable: choose another one, or make it writable for you.", e);
        }
        catch (IOException e)
        {
            throw new ClickHouseStartException($"Another ClickHouse uses the data directory {path}: stop it with ./millrace down, or choose another directory.", e);
        }
    }
}
