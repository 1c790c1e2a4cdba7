using System.Text;
using Millrace.Streams.Kafka;

namespace Millrace.Page.Records;

/// <summary>A record to be drawn. What is no UTF-8 in it is U+FFFD. Immutable.</summary>
/// <param name="Time">null: it has none.</param>
/// <param name="Key">null: it has none.</param>
/// <param name="Value">Perhaps only its beginning; null: it has none.</param>
/// <param name="ValueBytes">Of the whole value.</param>
/// <param name="IsCut"><paramref name="Value"/> is only the beginning.</param>
sealed record RecordAnswer(
    int Partition, long Offset, DateTimeOffset? Time, string? Key, IReadOnlyList<HeaderAnswer> Headers, string? Value, int ValueBytes,
    bool IsCut)
{
    public static RecordAnswer Of(TopicRecord record) => new(
        record.Partition, record.Offset, record.Time, Text(record.Key),
        [.. record.Headers.Select(header => new HeaderAnswer(header.Name, Text(header.Value)))],
        Text(record.Value), record.ValueBytes, record.Value?.Length < record.ValueBytes);

    static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}

/// <summary>A header of a record. Immutable.</summary>
/// <param name="Value">null: it has none.</param>
sealed record HeaderAnswer(string Name, string? Value);
