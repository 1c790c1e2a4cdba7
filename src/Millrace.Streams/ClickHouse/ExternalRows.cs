namespace Millrace.Streams.ClickHouse;

/// <summary>
/// Rows that come with a statement and are a table to it, for as long as it runs
/// (https://clickhouse.com/docs/engines/table-engines/special/external-data). Immutable.
/// </summary>
/// <param name="Table">What the statement calls it.</param>
/// <param name="Structure">Its columns, as CREATE TABLE has them.</param>
/// <param name="Rows">In the format RowBinary.</param>
sealed record ExternalRows(string Table, string Structure, ReadOnlyMemory<byte> Rows)
{
    /// <summary>What the URL says of them: a server reads it before the body.</summary>
    public QueryAddress AddTo(QueryAddress address) =>
        address.With($"{Table}_format", "RowBinary").With($"{Table}_structure", Structure);

    /// <summary>The statement and the rows.</summary>
    public HttpContent With(string sql) => new MultipartFormDataContent
    {
        { new StringContent(sql), "query" },
        { new ReadOnlyMemoryContent(Rows), Table, Table },
    };
}
