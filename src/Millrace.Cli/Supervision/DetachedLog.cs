using Millrace.Cli.Basics;
using Millrace.Cli.Storage;

namespace Millrace.Cli.Supervision;

/// <summary>
/// What the detached supervisors of a data directory say on stdout and stderr, one after the other or, where several start at once, side
/// by side. One per start.
/// </summary>
sealed class DetachedLog
{
    /// <summary>In bytes: thousands of starts.</summary>
    const long Limit = 1024 * 1024;

    readonly StandPaths _paths;
    readonly long _begin;

    /// <summary>Makes the data directory if it is missing: what can't be made is told here, in the user's own terminal.</summary>
    /// <exception cref="CliException">The directory can't be made or written, or its disk is full.</exception>
    public DetachedLog(StandPaths paths)
    {
        _paths = paths;
        using var dataLock = DataDirectoryLock.TryTake(paths);
        StandData.RequireRoom(paths);
        Directory.CreateDirectory(paths.Logs);
        using var file = PrivateFile.Append(Path);
        // Only under the lock: the words of one that starts at the same time are not ours to lose.
        if (dataLock is not null && file.Length > Limit) file.SetLength(0);
        _begin = file.Length;
    }

    public string Path => _paths.LogOf("supervisor");

    /// <summary>Why a supervisor ended, in one sentence: its own where its exit code says that it had one.</summary>
    public string LastWords(int exitCode) => (ExitCodes.HasSentence(exitCode) ? LastLine() : null)
        ?? $"The supervisor of {_paths.Data} ended before the stand was ready ({new ServiceExit(exitCode, "")}): see what it said in {Path}";

    string? LastLine()
    {
        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length >= _begin) file.Position = _begin;
            return new StreamReader(file).ReadToEnd().Split('\n').LastOrDefault(line => line.Length > 0);
        }
        catch (IOException)
        {
            // It went with the data directory.
            return null;
        }
    }
}
