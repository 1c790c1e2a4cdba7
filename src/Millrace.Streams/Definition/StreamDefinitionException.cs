namespace Millrace.Streams.Definition;

/// <summary>
/// A stream definition can't be used.
/// The message is one sentence: file, line, column, field, what is wrong and what to write instead.
/// </summary>
public sealed class StreamDefinitionException(string message) : Exception(message);
