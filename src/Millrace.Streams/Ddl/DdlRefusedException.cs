namespace Millrace.Streams.Ddl;

/// <summary>
/// What ClickHouse holds can't become what the definition says without losing data.
/// The message is one sentence that ends with what to do.
/// </summary>
public sealed class DdlRefusedException(string message) : Exception(message);
