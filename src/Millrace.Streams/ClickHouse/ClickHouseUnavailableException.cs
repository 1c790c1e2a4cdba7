namespace Millrace.Streams.ClickHouse;

/// <summary>ClickHouse gave no answer. The message is one sentence with the address and what to look at.</summary>
public sealed class ClickHouseUnavailableException(Uri url, Exception? cause = null)
    : ClickHouseTroubleException($"no answer from ClickHouse at {url}: is it running, and is the address right?", cause);
