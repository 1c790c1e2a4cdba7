using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Log;

/// <summary>What a read put into its destination, and the bounds of the log at that moment.</summary>
/// <param name="HighWatermark">Exclusive.</param>
/// <param name="LogStartOffset">Inclusive.</param>
/// <param name="Bytes">Bytes of whole batches written to the destination.</param>
readonly record struct ReadResult(ErrorCode Error, long HighWatermark, long LogStartOffset, int Bytes);
