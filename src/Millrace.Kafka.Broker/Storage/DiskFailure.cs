namespace Millrace.Kafka.Broker.Storage;

/// <summary>
/// Tells what the disk did from what the program did wrong, and a broken disk from a process that has too much open: only the first takes a
/// partition offline.
/// </summary>
static class DiskFailure
{
    /// <summary>ENFILE and EMFILE, on Linux and macOS; .NET passes errno on as the HResult.</summary>
    const int SystemHasTooManyOpen = 23, ProcessHasTooManyOpen = 24;

    /// <summary>For exception filters: whether <paramref name="exception"/> is what <see cref="IFileSystem"/> throws.</summary>
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Whether it is only that no file descriptor was left. The disk is sound then, and the next try may succeed.</summary>
    public static bool IsOutOfDescriptors(Exception exception) =>
        exception is IOException { HResult: SystemHasTooManyOpen or ProcessHasTooManyOpen };

    public static IOException OutOfDescriptors(string message) => new(message, ProcessHasTooManyOpen);
}
