using System.Globalization;

namespace Millrace.Streams.Letters;

/// <summary>What a dead letter is called: the place of its record. Immutable.</summary>
public sealed record LetterId(string Topic, int Partition, long Offset)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Topic}/{Partition}/{Offset}");

    /// <summary>Reads <c>TOPIC/PARTITION/OFFSET</c>; null where it is none. A topic has no slash.</summary>
    public static LetterId? Parse(string text) =>
        text.Split('/') is [{ Length: > 0 } topic, var partition, var offset]
        && int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new LetterId(topic, number, at)
            : null;
}
