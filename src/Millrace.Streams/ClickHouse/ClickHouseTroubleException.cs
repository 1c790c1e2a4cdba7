namespace Millrace.Streams.ClickHouse;

/// <summary>ClickHouse did not do what it was asked. The message can be shown as it is.</summary>
public abstract class ClickHouseTroubleException(string message, Exception? cause = null) : Exception(message, cause);
