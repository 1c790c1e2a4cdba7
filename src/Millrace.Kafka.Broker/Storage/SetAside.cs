namespace Millrace.Kafka.Broker.Storage;

/// <summary>
/// Where the broker puts what it takes for damaged or left over, instead of deleting it (docs/decisions/0007): <c>FOLDER/NAME</c> goes to
/// <c>FOLDER/aside/1/NAME</c>, or to 2, 3... where that is taken. Under its own name, so that moving it back is all it takes to undo it; in
/// a folder of its own, where no start looks.
/// </summary>
static class SetAside
{
    public const string DirectoryName = "aside";

    const int ChunkBytes = 1 << 20;

    /// <summary>Returns where the file is now. A loss of power afterwards leaves it there.</summary>
    public static string MoveFileAside(this IFileSystem files, string path) => MoveAside(files, path, files.RenameFile);

    /// <inheritdoc cref="MoveFileAside"/>
    public static string MoveDirectoryAside(this IFileSystem files, string path) => MoveAside(files, path, files.RenameDirectory);

    /// <summary>Copies what the file holds from <paramref name="position"/> on, flushed, before the caller cuts it off.</summary>
    /// <param name="path">Of the file: the copy is called so, and <c>.tail</c>.</param>
    public static string CopyTailAside(this IFileSystem files, IFile file, string path, long position)
    {
        var aside = Reserve(files, path + ".tail");
        using (var copy = files.Open(aside))
        {
            var buffer = new byte[(int)Math.Min(ChunkBytes, file.Length - position)];
            long written = 0;
            while (file.Read(buffer, position + written) is > 0 and var count)
            {
                copy.Write(buffer.AsSpan(0, count), written);
                written += count;
            }
            copy.Flush();
        }
        files.SyncDirectory(Path.GetDirectoryName(aside)!);
        return aside;
    }

    static string MoveAside(IFileSystem files, string path, Action<string, string> rename)
    {
        var aside = Reserve(files, path);
        rename(path, aside);
        files.SyncDirectory(Path.GetDirectoryName(aside)!);
        files.SyncDirectory(Path.GetDirectoryName(path)!);
        return aside;
    }

    /// <summary>A path that is free, in a directory that a loss of power leaves.</summary>
    static string Reserve(IFileSystem files, string path)
    {
        var (folder, name) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        var aside = Path.Combine(folder, DirectoryName);
        var number = 1;
        while (IsTaken(files, Path.Combine(aside, $"{number}", name))) number++;
        var numbered = Path.Combine(aside, $"{number}");
        files.CreateDirectory(numbered);
        files.SyncDirectory(folder);
        files.SyncDirectory(aside);
        return Path.Combine(numbered, name);
    }

    static bool IsTaken(IFileSystem files, string path) => files.FileExists(path) || files.DirectoryExists(path);
}
