using System.Buffers.Text;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>Topic ids as Apache Kafka writes and prints them: base64url of 16 bytes (org.apache.kafka.common.Uuid).</summary>
static class TopicId
{
    const int IdBytes = 16;

    public static string ToText(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

    /// <exception cref="FormatException">The text is no topic id.</exception>
    public static Guid Parse(string text)
    {
        var bytes = Base64Url.DecodeFromChars(text);
        return bytes.Length == IdBytes ? new(bytes, bigEndian: true) : throw new FormatException($"'{text}' is no topic id");
    }
}
