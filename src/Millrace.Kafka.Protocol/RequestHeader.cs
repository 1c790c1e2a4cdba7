namespace Millrace.Kafka.Protocol;

/// <summary>
/// Start of every request (https://kafka.apache.org/protocol#protocol_messages): api key, api version and correlation id are where they
/// are in every version ever, so that a broker can tell what it doesn't speak.
/// </summary>
public readonly record struct RequestHeader(ApiKey ApiKey, short Version, int CorrelationId)
{
    public static RequestHeader Read(ref KafkaReader reader) =>
        new((ApiKey)reader.ReadInt16(), reader.ReadInt16(), reader.ReadInt32());

    /// <summary>Reads the rest. The client id stays in the old encoding even where the rest of the header is flexible (KIP-482).</summary>
    /// <returns>The client id; empty for null.</returns>
    public static string ReadClientId(ref KafkaReader reader, bool flexible)
    {
        var clientId = reader.ReadNullableString(flexible: false) ?? "";
        reader.SkipTaggedFields(flexible);
        return clientId;
    }

    /// <summary>Writes all of it, as a client does.</summary>
    /// <param name="clientId">null for none.</param>
    /// <param name="flexible">Whether the API is flexible in this version.</param>
    public void Write(KafkaWriter writer, string? clientId, bool flexible)
    {
        writer.WriteInt16((short)ApiKey);
        writer.WriteInt16(Version);
        writer.WriteInt32(CorrelationId);
        writer.WriteString(clientId, flexible: false);
        writer.WriteNoTaggedFields(flexible);
    }

    /// <summary>A whole request as it goes over the wire: its size in bytes (int32), this header, the body.</summary>
    /// <param name="body">Writes what follows the header.</param>
    /// <inheritdoc cref="Write"/>
    public byte[] Frame(string? clientId, bool flexible, Action<KafkaWriter> body)
    {
        using var frame = new KafkaWriter();
        var size = frame.ReserveInt32();
        Write(frame, clientId, flexible);
        body(frame);
        frame.PatchInt32(size, frame.Length - sizeof(int));
        return frame.Written.ToArray();
    }
}
