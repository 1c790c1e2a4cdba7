namespace Millrace.Streams.Kafka;

/// <summary>What an audit needs to know of a record.</summary>
/// <param name="ValueLength">Bytes; 0 where the value is null or empty.</param>
public readonly record struct RecordSummary(long Offset, int ValueLength);
