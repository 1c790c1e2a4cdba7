namespace Millrace.Streams.Ddl;

/// <summary>A stream can't be paused or resumed as things are. The message is one sentence that ends with what to do.</summary>
public sealed class PauseRefusedException(string message) : Exception(message);
