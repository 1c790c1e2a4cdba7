namespace Millrace.Streams.Replay;

/// <summary>Records can't be replayed as asked. The message is one sentence that ends with what to do.</summary>
public sealed class ReplayRefusedException(string message) : Exception(message);
