using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Log;

/// <summary>What a read put into its destination, and the bounds of the log at that moment.</summary>
/// <param name="HighWatermark">Exclusive.</param>
/// <param name="LogStartOffset">Inclusive.</param>
/// <param name="Bytes">Bytes of whole batches written to the destination.</param>
/// <param name="Readable">
/// Bytes up to the limit of the read, the part of a last batch that did not fit included; 0 when not even the first one did.
/// </param>
/// <param name="Sealed">Whether they are of a segment that gets no more batches.</param>
readonly record struct ReadResult(ErrorCode Error, long HighWatermark, long LogStartOffset, int Bytes = 0, int Readable = 0, bool Sealed = false);
