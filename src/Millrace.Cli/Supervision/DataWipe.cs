using System.Text.RegularExpressions;
using Millrace.Cli.Basics;
using Millrace.Cli.Storage;

namespace Millrace.Cli.Supervision;

/// <summary>
/// Deletes what a stand keeps and nothing else: what its mark lists, the mark last, so that a wipe that was interrupted is finished by the
/// next one. Links are removed and never followed, and nothing below a mount point is touched.
/// </summary>
sealed partial class DataWipe
{
    readonly StandPaths _paths;
    readonly List<string> _linked = [];

    DataWipe(StandPaths paths) => _paths = paths;

    /// <summary>Whether <see cref="Run"/> may; asked before the stand is stopped for it.</summary>
    /// <exception cref="CliException">The folder holds what no stand made.</exception>
    public static void Require(StandPaths paths) => StandClaim.Of(paths, ExitCodes.Failed);

    /// <returns>What stays because it is the user's: names in the data directory, and folders that its links led to; null when there were
    /// no data.</returns>
    /// <exception cref="CliException">The folder holds what no stand made, or a part of a stand uses it.</exception>
    public static IReadOnlyList<string>? Run(StandPaths paths)
    {
        if (StandClaim.Of(paths, ExitCodes.Failed).Owned.Count == 0) return null;
        // Nobody may come up on what goes away.
        using var dataLock = DataDirectoryLock.TryTake(paths) ?? throw Busy(paths);
        RequireUnused(Path.Combine(paths.Broker, ".lock"), "run broker");
        RequireUnused(Path.Combine(paths.ClickHouse, "millrace.lock"), "run clickhouse");
        var claim = StandClaim.Of(paths, ExitCodes.Failed);
        RequireNoMounts(dataLock, claim);
        return new DataWipe(paths).Delete(claim);
    }

    public static CliException Busy(StandPaths paths) =>
        new(ExitCodes.Failed, $"A stand on {paths.Data} is coming up or going down this very moment: try again in a few seconds.");

    List<string> Delete(StandClaim claim)
    {
        foreach (var name in claim.Owned.Except([StandMark.Folder, StandPaths.LockName])) Delete(Path.Combine(_paths.Data, name));
        // From here on somebody else may come up.
        File.Delete(_paths.Lock);
        if (!Directory.Exists(_paths.Data)) return _linked;
        var others = StandClaim.Others(_paths, claim).ToList();
        if (others.Count == 0 && claim.Owned.Contains(StandMark.Folder)) DeleteFolder();
        return [.. others, .. _linked];
    }

    void Delete(string path)
    {
        switch (FileFacts.Of(path)?.Kind)
        {
            case null:
                return;
            case FileKind.Folder:
                Directory.Delete(path, recursive: true);
                return;
            case FileKind.Link when FileFacts.OfTarget(path) is not null:
                _linked.Add(new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)!.FullName);
                break;
        }
        File.Delete(path);
    }

    /// <summary>The folder itself, unless the user reaches it by a link of his own.</summary>
    void DeleteFolder()
    {
        if (FileFacts.Of(_paths.Data) is not { Kind: FileKind.Folder }) return;
        try { Directory.Delete(_paths.Data); }
        catch (IOException) { /* A disk is mounted there, or somebody else came up. */ }
    }

    /// <summary>A server that somebody runs by hand holds a lock of its own.</summary>
    static void RequireUnused(string path, string command)
    {
        using var file = PrivateFile.OpenToRead(path);
        if (file is not null && !Libc.TryLock(file))
            throw new CliException(
                ExitCodes.Failed,
                $"{Path.GetDirectoryName(path)} is in use by  {Self.Command} {command}: stop that first, nothing was wiped.");
    }

    /// <summary>
    /// A disk mounted inside, or a folder of the user's bound there, would be emptied along: proc(5), the fifth field of mountinfo.
    /// </summary>
    static void RequireNoMounts(DataDirectoryLock dataLock, StandClaim claim)
    {
        var owned = claim.Owned.Select(name => Path.Combine(dataLock.RealFolder, name)).ToList();
        foreach (var mount in File.ReadLines("/proc/self/mountinfo").Select(line => Unescape(line.Split(' ')[4])))
            if (owned.Exists(path => mount == path || mount.StartsWith(path + "/", StringComparison.Ordinal)))
                throw new CliException(ExitCodes.Failed, $"Something is mounted on {mount}: unmount it first, nothing was wiped.");
    }

    /// <summary>Blanks and the like are three octal digits after a backslash.</summary>
    static string Unescape(string path) => Octal().Replace(path, match => $"{(char)Convert.ToInt32(match.Value[1..], 8)}");

    [GeneratedRegex(@"\\[0-7]{3}")]
    private static partial Regex Octal();
}
