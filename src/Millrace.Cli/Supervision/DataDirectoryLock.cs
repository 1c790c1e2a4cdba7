namespace Millrace.Cli.Supervision;

/// <summary>Held by the supervisor of a data directory as long as it lives; the operating system lets go of it, however the process ends.</summary>
sealed class DataDirectoryLock : IDisposable
{
    /// <summary>EAGAIN, as flock(2) fails on Linux where another process holds the lock: .NET passes it on.</summary>
    const int HeldElsewhere = 11;

    readonly FileStream _file;

    DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Makes the data directory if it is missing, and takes the lock.</summary>
    /// <returns>null when another supervisor holds it.</returns>
    /// <exception cref="CliException">The directory can't be made or written.</exception>
    public static DataDirectoryLock? TryTake(StandPaths paths)
    {
        try
        {
            Directory.CreateDirectory(paths.Logs);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(paths, e);
        }
        try
        {
            return new DataDirectoryLock(new FileStream(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e.HResult == HeldElsewhere)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(paths, e);
        }
    }

    /// <summary>Whether a supervisor holds it: from its first moment to its last, while the state file comes later and goes earlier.</summary>
    public static bool IsTaken(StandPaths paths)
    {
        if (!File.Exists(paths.Lock)) return false;
        using var probe = TryTake(paths);
        return probe is null;
    }

    /// <summary>Somebody deleted the lock file, as with the whole data directory, or there is another in its place: nobody finds this supervisor any more. What can't be read is no proof.</summary>
    public bool IsLost
    {
        get
        {
            // Two files made at different times; of one that is not there, .NET says 1601.
            try { return File.GetCreationTimeUtc(_file.Name) != File.GetCreationTimeUtc(_file.SafeFileHandle); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return false; }
        }
    }

    public void Dispose() => _file.Dispose();

    static CliException NotWritable(StandPaths paths, Exception reason) =>
        new(ExitCodes.CannotStart, $"{paths.Data} can't be written ({reason.Message}): make it writable, or name another folder with --data.", reason);
}
