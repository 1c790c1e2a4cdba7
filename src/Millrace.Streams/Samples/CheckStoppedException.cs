namespace Millrace.Streams.Samples;

/// <summary>ClickHouse does not get on with the records of a check. The message is one sentence.</summary>
public sealed class CheckStoppedException(string message) : Exception(message);
