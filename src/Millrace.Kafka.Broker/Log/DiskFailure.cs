namespace Millrace.Kafka.Broker.Log;

/// <summary>Tells what the disk did from what the program did wrong: only the former takes a partition offline.</summary>
static class DiskFailure
{
    /// <summary>For exception filters: whether <paramref name="exception"/> is what <see cref="IFileSystem"/> throws.</summary>
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
