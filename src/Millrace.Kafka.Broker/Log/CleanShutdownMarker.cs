using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// The file that says: every partition of this data directory was closed and flushed (Apache Kafka, CleanShutdownFileHandler.java). Written
/// last and taken away before anything else at the start, so that a crash never finds it.
/// </summary>
static class CleanShutdownMarker
{
    const string FileName = ".kafka_cleanshutdown";

    /// <summary>Returns whether the last shutdown was clean; the next crash will not be taken for one.</summary>
    public static bool TakeAway(IFileSystem files, string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        if (!files.FileExists(path)) return false;
        files.DeleteFile(path);
        files.SyncDirectory(dataDirectory); // one that came back with a loss of power would vouch for torn batches
        return true;
    }

    /// <summary>To be called after the last partition has been disposed, and only if none of them is offline.</summary>
    public static void Leave(IFileSystem files, string dataDirectory) =>
        files.ReplaceWhole(Path.Combine(dataDirectory, FileName), """{"version":0,"brokerEpoch":-1}"""u8);
}
