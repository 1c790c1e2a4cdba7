using System.Globalization;
using Microsoft.AspNetCore.Http;
using Millrace.ClickHouse.Errors;

namespace Millrace.ClickHouse.Http;

/// <summary>What the URL and the headers of a request ask for. https://clickhouse.com/docs/interfaces/http. Immutable.</summary>
sealed record QueryRequest
{
    /// <summary>
    /// Names that are no settings: HTTPHandler::processQuery's reserved_param_names in ClickHouse's src/Server/HTTPHandler.cpp.
    /// </summary>
    static readonly HashSet<string> Reserved =
    [
        "query", "user", "password", "quota_key", "query_id", "session_id", "session_timeout", "session_check",
        "database", "default_format",
        "compress", "decompress", "stacktrace", "buffer_size", "wait_end_of_query", "client_protocol_version", "close_session", "role",
    ];

    /// <summary>With external tables what ends so tells of a table, reserved_param_suffixes there.</summary>
    static readonly string[] OfTables = ["_format", "_types", "_structure"];

    /// <summary>ClickHouse's default of the setting max_query_size.</summary>
    const int DefaultQueryBytes = 262_144;

    /// <summary>
    /// What a statement may be at most, whatever max_query_size says: each request holds a buffer of that size. Rows of an INSERT do not
    /// count.
    /// </summary>
    const int LargestQueryBytes = 16 << 20;

    /// <summary>The parameter query; empty when the body holds the whole statement.</summary>
    public required string UrlQuery { get; init; }

    public required string QueryId { get; init; }

    public string? Database { get; init; }

    /// <summary>For a statement that has no FORMAT.</summary>
    public required string DefaultFormat { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; }

    /// <summary>The setting max_query_size, as far as the host goes along: bytes.</summary>
    public int MaxQueryBytes
    {
        get
        {
            var asked = Settings.LastOrDefault(setting => setting.Key == "max_query_size").Value;
            return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                ? Math.Clamp(size, DefaultQueryBytes, LargestQueryBytes)
                : DefaultQueryBytes;
        }
    }

    /// <summary>The setting session_timezone, in which the result shows times; null when there is none.</summary>
    public string? SessionTimeZone => NullIfEmpty(Settings.LastOrDefault(setting => setting.Key == "session_timezone").Value);

    /// <summary>The setting replace_running_query: a query with the same id is stopped first.</summary>
    public bool Replaces => IsOn(Settings.LastOrDefault(setting => setting.Key == "replace_running_query").Value);

    /// <summary>Values for {name:Type} placeholders, in the escaped form in which HTTP carries them.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; }

    /// <inheritdoc cref="MethodRule.IsRead"/>
    public required bool ReadOnly { get; init; }

    /// <summary>The roles to act in; null for all that the user has.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>null for a request without a session.</summary>
    public string? SessionId { get; init; }

    /// <summary>In seconds, as it came.</summary>
    public string? SessionTimeout { get; init; }

    public bool SessionMustExist { get; init; }

    public bool ClosesSession { get; init; }

    /// <summary>The whole result is held back, so that an error never comes after a status of 200.</summary>
    public required bool WaitsForEnd { get; init; }

    /// <summary>The answer in ClickHouse's own compressed blocks.</summary>
    public required bool Compress { get; init; }

    /// <summary>The body is in ClickHouse's own compressed blocks.</summary>
    public required bool Decompress { get; init; }

    /// <summary>The client may get Content-Encoding. Off unless asked for, whatever Accept-Encoding says.</summary>
    public required bool HttpCompression { get; init; }

    public static QueryRequest Read(HttpRequest request, string queryId)
    {
        var url = request.Query;
        var isForm = MultipartForm.BoundaryOf(request) is not null;
        return new QueryRequest
        {
            UrlQuery = Last(url["query"]) ?? "",
            QueryId = queryId,
            Database = NullIfEmpty(Last(url["database"])) ?? NullIfEmpty(request.Headers["X-ClickHouse-Database"]),
            DefaultFormat =
                NullIfEmpty(Last(url["default_format"])) ?? NullIfEmpty(request.Headers["X-ClickHouse-Format"]) ?? "TabSeparated",
            Settings = [.. All(url).Where(p => IsSetting(p.Key, isForm))],
            Parameters =
            [
                .. All(url)
                    .Where(p => p.Key.StartsWith("param_", StringComparison.Ordinal))
                    .Select(p => KeyValuePair.Create(p.Key["param_".Length..], p.Value)),
            ],
            ReadOnly = MethodRule.IsRead(request),
            WaitsForEnd = IsOn(Last(url["wait_end_of_query"])) || IsOn(Last(url["http_wait_end_of_query"])),
            Compress = IsOn(Last(url["compress"])),
            Decompress = IsOn(Last(url["decompress"])),
            HttpCompression = IsOn(Last(url["enable_http_compression"])),
            Roles = url["role"] is { Count: > 0 } roles ? [.. roles.Select(role => role ?? "")] : null,
            SessionId = Last(url["session_id"]),
            SessionTimeout = Last(url["session_timeout"]),
            SessionMustExist = Last(url["session_check"]) == "1",
            ClosesSession = Last(url["close_session"]) == "1",
        };
    }

    /// <summary>The same request with what its session keeps. What it says itself holds before that.</summary>
    public QueryRequest In(Session session) => this with
    {
        Settings =
        [
            .. session.Settings.Where(kept =>
                !Settings.Any(own => own.Key == kept.Key) && !(ReadOnly && kept.Key == StatementGuard.ConsumingSetting)),
            .. Settings,
        ],
        Database = Database ?? session.Database,
        Roles = Roles ?? session.Roles,
        ReadOnly = ReadOnly || session.ReadOnly,
    };

    /// <summary>
    /// The id that errors and headers carry even when the rest of the request can't be read. Without NUL, at which the C API would cut it
    /// off.
    /// </summary>
    public static string ReadQueryId(HttpRequest request) =>
        NullIfEmpty(Last(request.Query["query_id"])?.Replace("\0", "", StringComparison.Ordinal))
        ?? NullIfEmpty(request.Headers["X-ClickHouse-Query-Id"])
        ?? Guid.NewGuid().ToString();

    static bool IsSetting(string name, bool isForm) =>
        !Reserved.Contains(name) && !name.StartsWith("param_", StringComparison.Ordinal)
        && !(isForm && OfTables.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)));

    static IEnumerable<KeyValuePair<string, string>> All(IQueryCollection url) =>
        url.SelectMany(p => p.Value.Select(value => KeyValuePair.Create(p.Key, value ?? "")));

    static string? Last(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 0 ? null : values[^1];

    static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;

    static bool IsOn(string? value) => value is "1" or "true";
}
