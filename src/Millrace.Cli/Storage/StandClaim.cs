using Millrace.Cli.Basics;

namespace Millrace.Cli.Storage;

/// <summary>What of a data directory is a stand's, by its mark or by what the release before the mark left. Immutable.</summary>
/// <param name="Owned">What <c>down -v</c> may delete, as <see cref="StandMark"/> lists it. Empty: there is nothing of a stand
/// here.</param>
/// <param name="IsMarked">The mark says so already, for every name that a stand of this version uses.</param>
/// <param name="IsAdopted">It was the release before the mark.</param>
sealed record StandClaim(IReadOnlyList<string> Owned, bool IsMarked, bool IsAdopted)
{
    /// <summary>Looks, and touches nothing.</summary>
    /// <param name="refusal">The exit code where the folder is not for a stand.</param>
    /// <exception cref="CliException">It holds what others made, or is another user's, or open to others.</exception>
    public static StandClaim Of(StandPaths paths, int refusal = ExitCodes.CannotStart)
    {
        try
        {
            return Look(paths, refusal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(refusal, $"{paths.Data} can't be looked at ({e.Message}): name another folder with --data.", e);
        }
    }

    /// <summary>What the mark has to list once a stand comes up here.</summary>
    /// <param name="madeFolder">The folder was not there before.</param>
    public IEnumerable<string> Complete(bool madeFolder) =>
        (madeFolder ? Owned.Prepend(StandMark.Folder) : Owned).Union(StandPaths.Entries);

    static StandClaim Look(StandPaths paths, int refusal)
    {
        if (Path.GetDirectoryName(paths.Data) is null)
            throw new CliException(refusal, $"{paths.Data} is the root of the file system: name a folder with --data.");
        if (FileFacts.OfTarget(paths.Data) is not { } folder) return new StandClaim([], false, false);
        if (folder.Kind != FileKind.Folder)
            throw new CliException(refusal, $"{paths.Data} is a file: name a folder with --data, or move the file away.");
        if (!folder.IsMine)
            throw new CliException(refusal, $"{paths.Data} belongs to another user: name a folder of your own with --data.");
        RequireMine(paths.Lock, refusal);
        var claim = Compare(paths, refusal);
        foreach (var name in claim.Owned) RequireMine(Path.Combine(paths.Data, name), refusal);
        if (folder.OthersMayWrite && !claim.Owned.Contains(StandMark.Folder) && Others(paths, claim).Any())
            throw new CliException(
                refusal, $"Others may write to {paths.Data}: type  chmod go-w {paths.Data}  or name another folder with --data.");
        return claim;
    }

    static StandClaim Compare(StandPaths paths, int refusal)
    {
        var marked = StandMark.Read(paths.Lock);
        var strange = StandPaths.Entries.Except(marked ?? [])
            .Where(name => FileFacts.Of(Path.Combine(paths.Data, name)) is not null).ToList();
        if (strange is [StandPaths.LockName] && StandMark.IsUnwritten(paths.Lock)) strange = [];
        if (strange.Count == 0) return new StandClaim(marked ?? [], marked is not null && StandPaths.Entries.All(marked.Contains), false);
        if (marked is not null || !FirstRelease.Made(paths, strange)) throw new CliException(refusal, Sentence(paths, strange));
        var adopted = new StandClaim(strange, false, true);
        return Others(paths, adopted).Any() ? adopted : adopted with { Owned = [StandMark.Folder, .. strange] };
    }

    /// <summary>Names in the folder that are no stand's.</summary>
    public static IEnumerable<string> Others(StandPaths paths, StandClaim claim) =>
        new DirectoryInfo(paths.Data).EnumerateFileSystemInfos().Select(entry => entry.Name)
            .Except([.. claim.Owned, StandPaths.LockName]).Order(StringComparer.Ordinal);

    static void RequireMine(string path, int refusal)
    {
        if (FileFacts.Of(path) is { IsMine: false })
            throw new CliException(refusal, $"{path} belongs to another user: remove it, or name a folder of your own with --data.");
    }

    static string Sentence(StandPaths paths, List<string> strange) =>
        $"{paths.Data} holds {Words(strange)}, which no stand made: name another folder with --data, "
        + $"or move {(strange.Count == 1 ? "it" : "them")} away.";

    static string Words(List<string> names) => names.Count == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
}
