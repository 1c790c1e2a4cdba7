using Microsoft.Win32.SafeHandles;
using Millrace.Cli.Basics;
using Millrace.Cli.Storage;

namespace Millrace.Cli.Supervision;

/// <summary>
/// Held by the supervisor of a data directory as long as it lives; the operating system lets go of it, however the process ends. Its file
/// is the directory's mark.
/// </summary>
sealed class DataDirectoryLock : IDisposable
{
    const UnixFileMode ForItsUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly string _path;
    readonly SafeFileHandle _file;

    DataDirectoryLock(string path, SafeFileHandle file) => (_path, _file) = (path, file);

    /// <summary>Makes the data directory if it is missing, takes the lock and writes the mark.</summary>
    /// <returns>null when another supervisor holds it.</returns>
    /// <exception cref="CliException">The directory can't be made or written, or is not for a stand: then it is left as it is.</exception>
    public static DataDirectoryLock? TryTake(StandPaths paths)
    {
        StandClaim.Of(paths);
        try
        {
            var madeFolder = !Directory.Exists(paths.Data);
            Directory.CreateDirectory(paths.Data);
            while (true)
            {
                var dataLock = new DataDirectoryLock(paths.Lock, PrivateFile.OpenOrCreate(paths.Lock));
                if (Libc.TryLock(dataLock._file) && !dataLock.IsLost) return dataLock.Marked(paths, madeFolder);
                // One that was deleted between the two calls says nothing about the one that is there now.
                var isTaken = !dataLock.IsLost;
                dataLock.Dispose();
                if (isTaken) return null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                ExitCodes.CannotStart,
                $"{paths.Data} can't be written ({e.Message}): make it writable, or name another folder with --data.", e);
        }
    }

    /// <summary>Whether a supervisor holds it: from its first moment to its last, while the state file comes later and goes earlier.</summary>
    public static bool IsTaken(StandPaths paths)
    {
        using var file = PrivateFile.OpenToRead(paths.Lock);
        return file is not null && !Libc.TryLock(file);
    }

    /// <summary>
    /// Somebody deleted the lock file, as with the whole data directory, or there is another in its place: nobody finds this supervisor
    /// any more. What can't be read is no proof.
    /// </summary>
    public bool IsLost
    {
        get
        {
            try { return FileFacts.Of(_path)?.Identity != FileFacts.Of(_file).Identity; }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return false; }
        }
    }

    /// <summary>The data directory's path without any link in it.</summary>
    public string RealFolder =>
        Path.GetDirectoryName(File.ResolveLinkTarget($"/proc/self/fd/{_file.DangerousGetHandle()}", returnFinalTarget: false)!.FullName)!;

    public void Dispose() => _file.Dispose();

    DataDirectoryLock Marked(StandPaths paths, bool madeFolder)
    {
        try
        {
            // Asked again: another may have come up and gone down since.
            var claim = StandClaim.Of(paths);
            if (!claim.IsMarked) Write(claim.Complete(madeFolder));
            if (claim.IsAdopted) foreach (var name in claim.Owned) Close(Path.Combine(paths.Data, name));
            if (claim.Owned.Contains(StandMark.Folder) || !StandClaim.Others(paths, claim).Any()) Close(paths.Data);
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    void Write(IEnumerable<string> names)
    {
        var text = StandMark.Text(names);
        RandomAccess.Write(_file, text, 0);
        RandomAccess.SetLength(_file, text.Length);
        RandomAccess.FlushToDisk(_file);
    }

    /// <summary>The release before the mark left its files open to whoever the umask let in.</summary>
    static void Close(string path)
    {
        if (FileFacts.Of(path) is not { Kind: FileKind.File or FileKind.Folder, IsMine: true } facts) return;
        var wanted = facts.Kind == FileKind.Folder ? ForItsUser | UnixFileMode.UserExecute : ForItsUser;
        if (facts.Mode != wanted) File.SetUnixFileMode(path, wanted);
    }
}
