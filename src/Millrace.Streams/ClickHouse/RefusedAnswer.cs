using System.Globalization;
using System.Text;

namespace Millrace.Streams.ClickHouse;

/// <summary>Reads why ClickHouse refused a statement out of its answer. Any thread.</summary>
static class RefusedAnswer
{
    public static async Task<ClickHouseTroubleException> ReadAsync(
        HttpResponseMessage response, StandEndpoints endpoints, CancellationToken cancellation)
    {
        var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false)).Trim();
        var code = response.Headers.TryGetValues("X-ClickHouse-Exception-Code", out var values)
            ? int.Parse(values.First(), CultureInfo.InvariantCulture)
            : 0;
        var refusal = new ClickHouseException(code, text.Length > 0 ? text : $"HTTP status {(int)response.StatusCode}");
        return ClickHouseRefusedException.For(refusal, endpoints) ?? (ClickHouseTroubleException)refusal;
    }
}
