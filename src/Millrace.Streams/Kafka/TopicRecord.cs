using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>A record as it is in its topic. Immutable; the bytes are not to be changed.</summary>
/// <param name="Time">null: it has none.</param>
/// <param name="Key">null: it has none.</param>
/// <param name="Value">Perhaps only its beginning; null: it has none.</param>
/// <param name="ValueBytes">Of the whole value.</param>
public sealed record TopicRecord(
    int Partition, long Offset, DateTimeOffset? Time, byte[]? Key, IReadOnlyList<(string Name, byte[]? Value)> Headers, byte[]? Value,
    int ValueBytes)
{
    internal static TopicRecord Of(ConsumeResult<byte[]?, byte[]?> result) => new(
        result.Partition,
        result.Offset,
        result.Message.Timestamp is { Type: not TimestampType.NotAvailable } time
            ? DateTimeOffset.FromUnixTimeMilliseconds(time.UnixTimestampMs)
            : null,
        result.Message.Key,
        [.. (result.Message.Headers ?? []).Select(header => (header.Key, (byte[]?)header.GetValueBytes()))],
        result.Message.Value,
        result.Message.Value?.Length ?? 0);

    internal TopicRecord Cut(int longest) => Value is { } value && value.Length > longest ? this with { Value = value[..longest] } : this;
}
