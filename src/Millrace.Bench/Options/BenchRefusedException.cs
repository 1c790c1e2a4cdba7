namespace Millrace.Bench.Options;

/// <summary>Something can't be measured as it was asked for: <see cref="Exception.Message"/> is the one sentence about it.</summary>
public sealed class BenchRefusedException(string message) : Exception(message);
