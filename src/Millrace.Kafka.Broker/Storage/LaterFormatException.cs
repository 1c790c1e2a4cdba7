namespace Millrace.Kafka.Broker.Storage;

/// <summary>
/// A file is of a format that only a later version of Millrace reads. The broker does not start then, and leaves the file as it is: read as
/// if it were of an earlier one, it would be taken for damaged, or written back without what it says.
/// </summary>
sealed class LaterFormatException(string path, long format, long known) : IOException(
    $"{path} has format {format}, of a later version of Millrace; this one knows {known} and earlier. Start the version that wrote it.");
