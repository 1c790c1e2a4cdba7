using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Millrace.Streams.Explain;

/// <summary>A record as text that a terminal can show: control characters are escaped, what is no UTF-8 becomes U+FFFD.</summary>
public static class RecordText
{
    /// <summary>Characters of a value that are shown.</summary>
    internal const int Longest = 4096;

    internal static FoundRecord Of(Message<byte[]?, byte[]?> message) => new(
        message.Timestamp.Type == TimestampType.NotAvailable
            ? null
            : DateTimeOffset.FromUnixTimeMilliseconds(message.Timestamp.UnixTimestampMs),
        Of(message.Key),
        [.. (message.Headers ?? []).Select(header => new FoundHeader(Escape(header.Key), Of(header.GetValueBytes())))],
        Of(message.Value),
        message.Value?.Length ?? 0);

    static string? Of(byte[]? bytes)
    {
        if (bytes is null) return null;
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, Longest)));
        return bytes.Length > Longest ? $"{Escape(text)}..." : Escape(text);
    }

    /// <summary>What a terminal would obey is escaped.</summary>
    public static string Escape(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c.ToString()));
}
