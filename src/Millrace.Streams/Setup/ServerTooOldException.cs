namespace Millrace.Streams.Setup;

/// <summary>A server lacks what the stand can't do without. The message is one sentence with the version that is needed and why.</summary>
public sealed class ServerTooOldException(string message, Exception? cause = null) : Exception(message, cause);
