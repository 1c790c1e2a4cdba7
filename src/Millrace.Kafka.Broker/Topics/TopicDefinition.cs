using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>
/// What is kept of a topic in its file, everything but the records:
/// <code>
/// {
///   "version": 1,                          of this layout; absent before it was written down, which is 1 too
///   "name": "orders",
///   "id": "yQEyOOvYSOaDzA2a0yCZ9g",        as <see cref="TopicId"/> writes it
///   "partitions": 3,                       at least 1
///   "configs": { "retention.ms": "1000" }  what was set for this topic; the broker's own settings fill in the rest
/// }
/// </code>
/// A version that adds or changes what an earlier one must not lose raises the number. An earlier one refuses the file before anything is
/// done (<see cref="LaterFormatException"/>), and a later one reads all that came before it. Members that are not known are passed over,
/// and are gone when the topic is changed.
/// </summary>
sealed record TopicDefinition(
    string Name, string Id, int Partitions, IReadOnlyDictionary<string, string> Configs,
    [property: JsonPropertyOrder(-1)] int Version = TopicDefinition.CurrentVersion)
{
    const int CurrentVersion = 1;

    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Format);

    /// <param name="path">Where the bytes come from, for the message.</param>
    /// <exception cref="InvalidDataException">The bytes are no topic definition.</exception>
    /// <exception cref="LaterFormatException">A later version wrote them.</exception>
    public static TopicDefinition Parse(ReadOnlySpan<byte> bytes, string path)
    {
        try
        {
            DemandKnownVersion(bytes, path);
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

    /// <summary>By itself and first: of a later layout nothing else need be as it is here.</summary>
    static void DemandKnownVersion(ReadOnlySpan<byte> bytes, string path)
    {
        var version = JsonSerializer.Deserialize<VersionAlone>(bytes, Format)?.Version ?? CurrentVersion;
        if (version > CurrentVersion) throw new LaterFormatException(path, version, CurrentVersion);
        if (version < 1) throw new FormatException($"it has version {version}");
    }

    sealed record VersionAlone(int? Version = null);
}
