using System.Diagnostics.Metrics;
using Millrace.ClickHouse.Embedding;

namespace Millrace.ClickHouse.Diagnostics;

/// <summary>
/// What the HTTP interface measures of the queries that come through it: what the engine reads from Kafka by itself is none of them. Named
/// after what ClickHouse counts (src/Common/ProfileEvents.cpp). Any thread may measure; without a listener a measurement costs next to
/// nothing.
/// </summary>
static class ClickHouseMeters
{
    static readonly Meter Meter = new("Millrace.ClickHouse");

    static readonly Histogram<double> QueryTime = Meter.CreateHistogram<double>(
        "clickhouse.query.time", "s", "How long queries ran that came by HTTP, to their last row out or in.");

    static readonly Counter<long> Failed = Meter.CreateCounter<long>(
        "clickhouse.query.failed", "{query}", "Requests answered with an exception, by its name.");

    static readonly Counter<long> SelectedRows = Meter.CreateCounter<long>("clickhouse.selected.rows", "{row}", "Rows read from tables.");

    static readonly Counter<long> SelectedBytes = Meter.CreateCounter<long>(
        "clickhouse.selected.bytes", "By", "Bytes read from tables, uncompressed.");

    static readonly Counter<long> InsertedRows = Meter.CreateCounter<long>("clickhouse.inserted.rows", "{row}", "Rows written by queries.");

    static readonly Counter<long> InsertedBytes = Meter.CreateCounter<long>(
        "clickhouse.inserted.bytes", "By", "Bytes written by queries, uncompressed.");

    static readonly Counter<long> ResultBytes = Meter.CreateCounter<long>(
        "clickhouse.result.bytes", "By", "Bytes of results, as the engine holds them.");

    /// <param name="kind">Select or Insert, as query_kind of system.query_log has them; Other for all that has another there.</param>
    /// <param name="elapsed">
    /// As query_duration_ms has it: a client that sends its rows, or takes its result, in its own time is waited for
    /// (ClickHouse's src/Interpreters/executeQuery.cpp).
    /// </param>
    public static void Ran(string kind, TimeSpan elapsed, QueryStatistics statistics)
    {
        QueryTime.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("clickhouse.query.kind", kind));
        SelectedRows.Add((long)statistics.ReadRows);
        SelectedBytes.Add((long)statistics.ReadBytes);
        InsertedRows.Add((long)statistics.WrittenRows);
        InsertedBytes.Add((long)statistics.WrittenBytes);
        ResultBytes.Add((long)statistics.ResultBytes);
    }

    /// <param name="error">Its name, such as SYNTAX_ERROR.</param>
    public static void RequestFailed(string error) => Failed.Add(1, new KeyValuePair<string, object?>("error.type", error));
}
