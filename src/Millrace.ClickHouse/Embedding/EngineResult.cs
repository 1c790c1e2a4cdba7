namespace Millrace.ClickHouse.Embedding;

/// <summary>What a statement did, once it is over.</summary>
/// <param name="Data">The formatted result; empty when it went through a pipe.</param>
sealed record EngineResult(byte[] Data, QueryStatistics Statistics);

/// <summary>The counters of X-ClickHouse-Summary.</summary>
/// <param name="WrittenRows">Rows that materialized views wrote are among them.</param>
readonly record struct QueryStatistics(
    ulong ReadRows, ulong ReadBytes, ulong WrittenRows, ulong WrittenBytes, ulong ResultRows, ulong ResultBytes);
