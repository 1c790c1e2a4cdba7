using System.Buffers.Text;
using System.Text;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// The file that ties a partition's directory to its topic's id, so that a topic deleted and made anew is not mistaken for the old one
/// (KIP-516; Apache Kafka, PartitionMetadataFile.java):
/// <code>
/// version: 0
/// topic_id: base64url of the 16 bytes, most significant first, without padding
/// </code>
/// </summary>
static class PartitionMetadata
{
    const string FileName = "partition.metadata";
    const string IdField = "topic_id: ";
    const int IdBytes = 16;

    /// <summary>Null when there is no such file or it makes no sense.</summary>
    /// <param name="directory">The partition's.</param>
    public static Guid? ReadTopicId(IFileSystem files, string directory)
    {
        if (files.ReadWhole(Path.Combine(directory, FileName)) is not { } bytes) return null;
        var line = Encoding.UTF8.GetString(bytes).Split('\n').FirstOrDefault(line => line.StartsWith(IdField, StringComparison.Ordinal));
        if (line is null || !Base64Url.IsValid(line.AsSpan(IdField.Length), out var length) || length != IdBytes) return null;
        return new Guid(Base64Url.DecodeFromChars(line.AsSpan(IdField.Length)), bigEndian: true);
    }

    public static void Write(IFileSystem files, string directory, Guid topicId)
    {
        var id = Base64Url.EncodeToString(topicId.ToByteArray(bigEndian: true));
        files.ReplaceWhole(Path.Combine(directory, FileName), Encoding.UTF8.GetBytes($"version: 0\n{IdField}{id}\n"));
    }
}
