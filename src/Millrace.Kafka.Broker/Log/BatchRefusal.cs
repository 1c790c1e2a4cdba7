using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Log;

/// <summary>Why a batch does not get into the log.</summary>
/// <param name="Message">For people; sent to clients that can take it.</param>
readonly record struct BatchRefusal(ErrorCode Error, string Message);
