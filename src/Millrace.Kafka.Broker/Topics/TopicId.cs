using System.Buffers.Text;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>Topic ids as Apache Kafka writes and prints them: base64url of 16 bytes (org.apache.kafka.common.Uuid).</summary>
static class TopicId
{
    public static string ToText(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

    public static Guid Parse(string text) => new(Base64Url.DecodeFromChars(text), bigEndian: true);
}
