using Millrace.ClickHouse.Embedding;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Http;

/// <summary>The setting http_response_headers: headers that a query wants on its answer, in the URL or behind SETTINGS.</summary>
static class ResponseHeaders
{
    const string Setting = "http_response_headers";

    /// <summary>What frames the answer, or keeps what is in it from acting in a browser as if it were of this port.</summary>
    static readonly string[] Own = ["Content-Length", "Transfer-Encoding", "Connection", "Content-Security-Policy", "Content-Encoding"];

    /// <exception cref="EngineException">No map, or nothing that a header can carry.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(Engine engine, QueryRequest request, ReadOnlySpan<byte> statement)
    {
        var given = request.Settings.LastOrDefault(setting => setting.Key == Setting).Value;
        if ((InClause(statement) ?? (given is null ? null : SqlText.Literal(given))) is not { } literal) return [];
        using var connection = engine.Open();
        connection.Execute($"SET {Setting} = {literal}");
        var rows = connection.Rows(
            $"SELECT k, v FROM (SELECT CAST(getSetting('{Setting}'), 'Map(String, String)') AS m) "
            + "ARRAY JOIN mapKeys(m) AS k, mapValues(m) AS v");
        var headers = rows.Select(row => KeyValuePair.Create(row[0], row[1])).ToList();
        if (headers.FirstOrDefault(header => !CanBeSent(header.Key, header.Value)) is { Key: { } name })
            throw new EngineException(36, "BAD_ARGUMENTS", $"{Setting}: '{name}' can't be set, or not to this value.");
        // A page that a link makes of a result must not ask this port in its name.
        return headers.Count == 0 ? headers : [.. headers, KeyValuePair.Create("Content-Security-Policy", "sandbox")];
    }

    static string? InClause(ReadOnlySpan<byte> statement)
    {
        if (statement.IndexOf("http_response_headers"u8) < 0) return null;
        for (var scanner = new SqlScanner(statement); scanner.MoveNext();)
        {
            if (!scanner.IsWord("HTTP_RESPONSE_HEADERS"u8)) continue;
            if (scanner.MoveNext() && scanner.IsSymbol('=') && scanner.MoveNext() && scanner.Kind == SqlTokenKind.Quoted)
                return System.Text.Encoding.UTF8.GetString(scanner.Token);
        }
        return null;
    }

    static bool CanBeSent(string name, string value) =>
        name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
        && !Own.Contains(name, StringComparer.OrdinalIgnoreCase)
        && !name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)
        && value.All(letter => letter is >= ' ' and <= '~');
}
