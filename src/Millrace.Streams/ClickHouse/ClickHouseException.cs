namespace Millrace.Streams.ClickHouse;

/// <summary>ClickHouse refused a query. The message is ClickHouse's own text.</summary>
/// <param name="code">ClickHouse's error code (src/Common/ErrorCodes.cpp); 0 when the answer named none.</param>
public sealed class ClickHouseException(int code, string text) : ClickHouseTroubleException(SqlSecrets.Hide(text))
{
    // src/Common/ErrorCodes.cpp of ClickHouse.
    static readonly HashSet<int> OfServer =
    [
        158, // TOO_MANY_ROWS
        159, // TIMEOUT_EXCEEDED
        160, // TOO_SLOW
        164, // READONLY
        201, // QUOTA_EXCEEDED
        202, // TOO_MANY_SIMULTANEOUS_QUERIES
        209, // SOCKET_TIMEOUT
        210, // NETWORK_ERROR
        236, // ABORTED
        241, // MEMORY_LIMIT_EXCEEDED
        242, // TABLE_IS_READ_ONLY
        243, // NOT_ENOUGH_SPACE
        307, // TOO_MANY_BYTES
        373, // SESSION_IS_LOCKED
        394, // QUERY_WAS_CANCELLED
        439, // CANNOT_SCHEDULE_TASK
        452, // SETTING_CONSTRAINT_VIOLATION
        1000, // POCO_EXCEPTION
        1001, // STD_EXCEPTION
        1002, // UNKNOWN_EXCEPTION
    ];

    public int Code => code;

    /// <summary>It says nothing of the query: the server is busy, short of something, or going down.</summary>
    public bool IsOfServer => OfServer.Contains(code);
}
