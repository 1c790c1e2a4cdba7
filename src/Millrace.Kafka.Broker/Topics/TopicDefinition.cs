using System.Text.Json;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>What is kept of a topic in its file: everything but the records.</summary>
/// <param name="Id">As <see cref="TopicId"/> writes it.</param>
/// <param name="Configs">What was set for this topic; the broker's own settings fill in the rest.</param>
sealed record TopicDefinition(string Name, string Id, int Partitions, IReadOnlyDictionary<string, string> Configs)
{
    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Format);

    /// <exception cref="InvalidDataException">The bytes are no topic definition.</exception>
    public static TopicDefinition Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<TopicDefinition>(bytes, Format) ?? throw new InvalidDataException("a topic file says null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"a topic file is no topic definition: {e.Message}", e);
        }
    }
}
