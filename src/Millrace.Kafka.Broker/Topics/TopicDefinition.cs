using System.Text.Json;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>What is kept of a topic in its file: everything but the records.</summary>
/// <param name="Id">As <see cref="TopicId"/> writes it.</param>
/// <param name="Configs">What was set for this topic; the broker's own settings fill in the rest.</param>
sealed record TopicDefinition(string Name, string Id, int Partitions, IReadOnlyDictionary<string, string> Configs)
{
    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Format);

    /// <param name="path">Where the bytes come from, for the message.</param>
    /// <exception cref="InvalidDataException">The bytes are no topic definition.</exception>
    public static TopicDefinition Parse(ReadOnlySpan<byte> bytes, string path)
    {
        try
        {
            var definition = JsonSerializer.Deserialize<TopicDefinition>(bytes, Format) ?? throw new FormatException("it says null");
            if (definition.Partitions < 1) throw new FormatException($"it has {definition.Partitions} partitions");
            TopicId.Parse(definition.Id);
            return definition;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new InvalidDataException($"{path} is no topic definition: {e.Message}", e);
        }
    }
}
