namespace Millrace.Kafka.Protocol;

/// <summary>Bytes that can't be what the header says they are. Ends the connection they came from, and nothing else.</summary>
public sealed class ProtocolViolationException(string message) : Exception(message);
