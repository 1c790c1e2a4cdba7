using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Log;

/// <summary>What became of one batch.</summary>
/// <param name="BaseOffset">Of a batch sent again: the offset it got the first time. -1 on error.</param>
/// <param name="LogAppendTimeMs">In ms since 1970; -1 when records keep the producer's time.</param>
/// <param name="Message">Why it was refused, for people; null on success.</param>
readonly record struct AppendResult(ErrorCode Error, long BaseOffset, long LogStartOffset, long LogAppendTimeMs, string? Message);
