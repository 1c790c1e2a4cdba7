using Millrace.ClickHouse.Embedding;

namespace Millrace.ClickHouse.Http;

/// <summary>
/// X-ClickHouse-Summary: counters as JSON, each number a string, as Progress::writeJSON in ClickHouse's src/IO/Progress.cpp.
/// </summary>
static class SummaryHeader
{
    public const string Name = "X-ClickHouse-Summary";

    public static string Format(QueryStatistics statistics, TimeSpan elapsed)
    {
        (string Name, ulong Value)[] counters =
        [
            ("read_rows", statistics.ReadRows),
            ("read_bytes", statistics.ReadBytes),
            ("written_rows", statistics.WrittenRows),
            ("written_bytes", statistics.WrittenBytes),
            ("total_rows_to_read", statistics.ReadRows),
            ("result_rows", statistics.ResultRows),
            ("result_bytes", statistics.ResultBytes),
            ("elapsed_ns", (ulong)elapsed.TotalNanoseconds),
        ];
        var fields = counters.Select(counter => $"\"{counter.Name}\":\"{counter.Value}\"");
        return $"{{{string.Join(',', fields)}}}";
    }
}
