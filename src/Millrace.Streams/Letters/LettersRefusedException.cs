namespace Millrace.Streams.Letters;

/// <summary>Dead letters can't be sent again, dropped or shown as asked. The message is one sentence that ends with what to do.</summary>
public sealed class LettersRefusedException(string message) : Exception(message);
