namespace Millrace.Kafka.Broker.Log;

/// <summary>A record found by its time.</summary>
/// <param name="Timestamp">In ms since 1970.</param>
readonly record struct TimestampAndOffset(long Timestamp, long Offset);
