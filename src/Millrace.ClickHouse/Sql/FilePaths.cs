using System.Text;

namespace Millrace.ClickHouse.Sql;

/// <summary>
/// Which paths <c>file</c> may open where a statement spells them out: those in user_files of the data directory, and in what the user
/// opened. The rest of the data directory is the engine's: the kernel lets its process write there, and a table's definition written
/// there would be loaded at the next start without asking for rights. Immutable.
/// </summary>
/// <param name="dataDirectory">Full path.</param>
/// <param name="allowed">Full paths.</param>
sealed class FilePaths(string dataDirectory, IReadOnlyList<string> allowed)
{
    /// <summary>
    /// The engine puts the partition's id into the path of a file that it writes, and the id is whatever PARTITION BY gives:
    /// PartitionedStorageFileSink in ClickHouse's src/Storages/StorageFile.cpp.
    /// </summary>
    const string OfPartition = "_partition_id";

    /// <summary>The current directory of the host, from which the engine takes a path without a root.</summary>
    public string UserFiles { get; } = Path.Combine(dataDirectory, "user_files");

    /// <param name="quoted">A string as the engine's own formatter writes it.</param>
    public bool Opens(ReadOnlySpan<byte> quoted)
    {
        var path = Encoding.UTF8.GetString(quoted[1..^1]);
        if (path.Contains('\\', StringComparison.Ordinal) || path.Contains(OfPartition, StringComparison.Ordinal)) return false;
        // {..,x}/y is a path through the parent folder.
        if (path.Contains("..", StringComparison.Ordinal) && path.AsSpan().ContainsAny("{*?")) return false;
        var full = Path.GetFullPath(path, UserFiles);
        return IsIn(full, UserFiles) || (!IsIn(full, dataDirectory) && allowed.Any(folder => IsIn(full, folder)));
    }

    static bool IsIn(string path, string folder)
    {
        var bare = Path.TrimEndingDirectorySeparator(folder);
        return path == bare || path.StartsWith(bare + "/", StringComparison.Ordinal);
    }
}
