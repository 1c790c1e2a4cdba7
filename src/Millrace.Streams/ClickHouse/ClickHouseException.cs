namespace Millrace.Streams.ClickHouse;

/// <summary>ClickHouse refused a query. The message is ClickHouse's own text.</summary>
/// <param name="code">ClickHouse's error code (src/Common/ErrorCodes.cpp); 0 when the answer named none.</param>
public sealed class ClickHouseException(int code, string text) : ClickHouseTroubleException(SqlSecrets.Hide(text))
{
    public int Code => code;
}
