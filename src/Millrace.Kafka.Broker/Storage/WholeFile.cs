namespace Millrace.Kafka.Broker.Storage;

/// <summary>Small files that are read and replaced whole: indexes, snapshots, checkpoints.</summary>
static class WholeFile
{
    /// <summary>Of a write that never finished: whoever owns the name before it deletes it at the next start.</summary>
    public const string TemporarySuffix = "~";

    /// <summary>Returns null where there is no such file.</summary>
    public static byte[]? ReadWhole(this IFileSystem files, string path)
    {
        if (!files.FileExists(path)) return null;
        using var file = files.Open(path);
        var bytes = new byte[file.Length];
        return file.Read(bytes, 0) == bytes.Length ? bytes : throw new IOException($"{path} became shorter while it was read");
    }

    /// <summary>
    /// Replaces the file: a reader sees the old bytes or the new ones, never a mixture. With <paramref name="flush"/> that holds after a
    /// loss of power too, and the new bytes are the ones that it leaves.
    /// </summary>
    public static void ReplaceWhole(this IFileSystem files, string path, ReadOnlySpan<byte> bytes, bool flush = true)
    {
        var temporary = path + TemporarySuffix;
        using (var file = files.Open(temporary))
        {
            file.SetLength(0);
            file.Write(bytes, 0);
            if (flush) file.Flush();
        }
        files.RenameFile(temporary, path);
        if (flush) files.SyncDirectory(Path.GetDirectoryName(path)!);
    }
}
