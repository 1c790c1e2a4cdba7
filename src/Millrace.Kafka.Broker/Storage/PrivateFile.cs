namespace Millrace.Kafka.Broker.Storage;

/// <summary>
/// How the broker makes files and directories: for its own user alone, whatever the umask. Those that are there keep their rights.
/// </summary>
static class PrivateFile
{
    public const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public const UnixFileMode DirectoryMode700 = FileMode600 | UnixFileMode.UserExecute;

    public static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = FileMode600;
        return options;
    }

    /// <summary>One by one from the first that is missing: .NET gives the mode only to the last.</summary>
    public static void CreateDirectory(string path)
    {
        if (Directory.Exists(path)) return;
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent) CreateDirectory(parent);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, DirectoryMode700);
    }
}
