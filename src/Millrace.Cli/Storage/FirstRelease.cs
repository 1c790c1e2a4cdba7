using System.Globalization;
using System.Text;
using Millrace.Cli.Basics;

namespace Millrace.Cli.Storage;

/// <summary>Recognises what the release without a mark made, by what it never failed to leave inside. Reads only.</summary>
static class FirstRelease
{
    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    static readonly string[] ServiceLogs = ["broker.log", "clickhouse.log", "setup.log", "emitter.log"];

    /// <summary>
    /// Whether all of <paramref name="names"/> are its work: a folder that is only partly like a stand's is somebody else's.
    /// </summary>
    public static bool Made(StandPaths paths, IReadOnlyCollection<string> names)
    {
        // The history of questions is any text, the rest are leftovers: they count beside what has a face, and in the folder that bears our
        // name.
        var faces = names.Where(name => HasFace(paths, name) is not null).ToList();
        if (faces.Count == 0 && Path.GetFileName(paths.Data) != StandPaths.DefaultFolder) return false;
        return faces.TrueForAll(name => HasFace(paths, name) == true) && names.Except(faces).All(name => IsLeftover(paths, name));
    }

    /// <returns>null for a name whose content tells nothing.</returns>
    static bool? HasFace(StandPaths paths, string name)
    {
        var path = Path.Combine(paths.Data, name);
        if (path == paths.Broker) return IsBroker(path);
        if (path == paths.ClickHouse) return FileFacts.Of(Path.Combine(path, "millrace.lock")) is { Kind: FileKind.File };
        if (path == paths.Logs) return IsLogs(path);
        if (path == paths.State) return StartsWith(path, "{\"supervisor\":{\"pid\":");
        return null;
    }

    static bool IsBroker(string path) =>
        FileFacts.Of(Path.Combine(path, ".lock")) is { Kind: FileKind.File }
            && StartsWith(Path.Combine(path, "meta.properties"), "version=1\ncluster.id=");

    /// <summary>Every start opened a log for setup; a line begins with its time; nothing else was ever in there.</summary>
    static bool IsLogs(string path)
    {
        string[] known = [.. ServiceLogs, "supervisor.log"];
        return FileFacts.Of(path) is { Kind: FileKind.Folder }
            && FileFacts.Of(Path.Combine(path, "setup.log")) is { Kind: FileKind.File }
            && new DirectoryInfo(path).EnumerateFileSystemInfos()
                .All(entry => known.Contains(entry.Name) || known.Contains(Path.GetFileNameWithoutExtension(entry.Name)))
            && ServiceLogs.Select(log => Path.Combine(path, log)).All(IsLog);
    }

    static bool IsLog(string path)
    {
        if (FileFacts.Of(path) is not { } facts) return true;
        if (facts.Kind != FileKind.File) return false;
        if (facts.Size == 0) return true;
        var time = Beginning(path, "2026-11-22T18:00:00.000Z".Length);
        return DateTime.TryParseExact(time, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
    }

    static bool IsLeftover(StandPaths paths, string name)
    {
        var path = Path.Combine(paths.Data, name);
        return path == paths.Lock ? StandMark.IsUnwritten(path) : FileFacts.Of(path) is { Kind: FileKind.File or FileKind.Socket };
    }

    static bool StartsWith(string path, string words) =>
        FileFacts.Of(path) is { Kind: FileKind.File } && Beginning(path, words.Length) == words;

    static string Beginning(string path, int length)
    {
        using var file = new FileStream(PrivateFile.OpenToRead(path)!, FileAccess.Read, bufferSize: 0);
        var bytes = new byte[length];
        return Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, length, throwOnEndOfStream: false));
    }
}
