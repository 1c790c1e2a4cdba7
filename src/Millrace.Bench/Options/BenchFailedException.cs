namespace Millrace.Bench.Options;

/// <summary>A measurement came to no end: <see cref="Exception.Message"/> is the one sentence about it.</summary>
public sealed class BenchFailedException(string message) : Exception(message);
