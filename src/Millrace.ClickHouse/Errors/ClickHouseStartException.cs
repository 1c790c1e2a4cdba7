namespace Millrace.ClickHouse.Errors;

/// <summary>The host can't start. The message is one sentence that says what to do next, fit for a user's eyes.</summary>
public sealed class ClickHouseStartException(string message, Exception? inner = null) : Exception(message, inner);
