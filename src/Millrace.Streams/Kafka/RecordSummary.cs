namespace Millrace.Streams.Kafka;

/// <summary>What an audit needs to know of a record.</summary>
/// <param name="IsTombstone">The value is null, not merely empty.</param>
/// <param name="ValueLength">Bytes.</param>
public readonly record struct RecordSummary(long Offset, bool IsTombstone, int ValueLength);
