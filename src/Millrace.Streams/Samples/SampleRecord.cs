using Millrace.Streams.Definition;

namespace Millrace.Streams.Samples;

/// <summary>A record that a check sends, and what should become of it. Immutable; the bytes are not to be changed.</summary>
/// <param name="File">As errors show it.</param>
/// <param name="Line">Where it begins there, from 1.</param>
/// <param name="Value">null for a record without one.</param>
/// <param name="Partition">Where it is sent.</param>
/// <param name="Offset">What it gets there.</param>
public sealed record SampleRecord(
    string File, long Line, StreamDefinition Stream, byte[]? Value, int Partition, long Offset, SampleExpectation Expected)
{
    /// <summary>
    /// Of value, key and headers, in bytes: what a topic takes unless its message.max.bytes says otherwise, which is 1,048,588 of a batch,
    /// less what surrounds a record.
    /// </summary>
    public const int MostBytes = 1_048_000;

    /// <summary>For people; null where it has none.</summary>
    public string? Name { get; init; }

    public byte[]? Key { get; init; }

    public IReadOnlyList<(string Name, byte[]? Value)> Headers { get; init; } = [];

    /// <summary>null for the moment when it is sent.</summary>
    public DateTimeOffset? Time { get; init; }
}
