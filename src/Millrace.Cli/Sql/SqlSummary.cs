using System.Globalization;
using System.Text.Json;

namespace Millrace.Cli.Sql;

/// <summary>What ClickHouse says of a statement it ran. Immutable.</summary>
/// <param name="ReadRows">Rows read from tables, not rows of the result.</param>
sealed record SqlSummary(long ReadRows, long WrittenRows)
{
    /// <param name="header">X-ClickHouse-Summary: a flat JSON object of numbers in strings; null when the server sent none.</param>
    public static SqlSummary Parse(string? header)
    {
        if (header is null) return new SqlSummary(0, 0);
        using var json = JsonDocument.Parse(header);
        return new SqlSummary(Number(json.RootElement, "read_rows"), Number(json.RootElement, "written_rows"));
    }

    static long Number(JsonElement summary, string name) =>
        summary.TryGetProperty(name, out var value) && long.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var number) ? number : 0;
}
