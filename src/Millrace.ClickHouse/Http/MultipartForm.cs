using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Millrace.ClickHouse.Embedding;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Http;

/// <summary>
/// A body of multipart/form-data: its fields are query and param_*, its files external tables, which are there for this query alone. A
/// table's format and columns stand in the URL, or in fields before it: NAME_format, NAME_types or NAME_structure.
/// https://clickhouse.com/docs/engines/table-engines/special/external-data. Calls block; for one request.
/// </summary>
sealed class MultipartForm(Engine engine, QueryRequest request, Session? session, IQueryCollection url) : IDisposable
{
    /// <summary>Of a field, in bytes: as long as a statement may be.</summary>
    const int LongestField = 16 << 20;

    const int RowBufferBytes = 64 * 1024;

    readonly Dictionary<string, string> _fields = [];

    /// <summary>The request with what the fields add to it.</summary>
    public QueryRequest Request { get; private set; } = request;

    /// <summary>Where the tables are; null when there are none.</summary>
    public PreparedConnection? Tables { get; private set; }

    /// <returns>null for any other body.</returns>
    public static string? BoundaryOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).Value ?? ""
            : null;

    /// <exception cref="EngineException">A table without columns, or with rows that are none.</exception>
    public void Read(Stream body, string boundary, CancellationToken cancellation)
    {
        if (boundary.Length == 0) throw new EngineException(36, "BAD_ARGUMENTS", "multipart/form-data without a boundary.");
        var reader = new MultipartReader(boundary, body);
        while (reader.ReadNextSectionAsync(cancellation).GetAwaiter().GetResult() is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
            var isFile = disposition.FileName.HasValue || disposition.FileNameStar.HasValue;
            if (isFile) Load(name.Length == 0 ? "_data" : name, section.Body, cancellation);
            else Add(name, ReadText(section.Body, cancellation));
        }
    }

    public void Dispose() => Tables?.Dispose();

    void Add(string name, string value)
    {
        _fields[name] = value;
        if (name == "query") Request = Request with { UrlQuery = Request.UrlQuery + value };
        if (name.StartsWith("param_", StringComparison.Ordinal))
            Request = Request with { Parameters = [.. Request.Parameters, KeyValuePair.Create(name["param_".Length..], value)] };
    }

    void Load(string name, Stream rows, CancellationToken cancellation)
    {
        var create = Encoding.UTF8.GetBytes($"CREATE TEMPORARY TABLE {SqlText.Name(name)} ({Columns(name)}) ENGINE = Memory");
        Tables ??= PreparedConnection.Open(engine, Request, session);
        Tables.Admit(create);
        Tables.AddTable(name, create);
        using var insert = Tables.Connection.Insert(
            Encoding.UTF8.GetBytes($"INSERT INTO {SqlText.Name(name)}"), Field($"{name}_format") ?? "TabSeparated", []);
        var buffer = new byte[RowBufferBytes];
        for (int count; (count = rows.ReadAsync(buffer, cancellation).AsTask().GetAwaiter().GetResult()) > 0;)
            if (!insert.Append(buffer.AsSpan(0, count))) break;
        insert.Complete();
    }

    string Columns(string name)
    {
        if (Field($"{name}_types") is { } types) return string.Join(", ", Split(types).Select((type, index) => $"_{index + 1} {type}"));
        return Field($"{name}_structure") ?? throw new EngineException(
            36, "BAD_ARGUMENTS",
            $"Neither structure nor types have not been provided for external table {name}. "
            + $"Use fields {name}_structure or {name}_types to do so.");
    }

    string? Field(string name) => _fields.TryGetValue(name, out var value) ? value : url[name] is { Count: > 0 } values ? values[^1] : null;

    /// <summary>At the commas outside of brackets: Decimal(9, 2) is one type.</summary>
    static List<string> Split(string types)
    {
        var (parts, start) = (new List<string>(), 0);
        var bytes = Encoding.UTF8.GetBytes(types);
        for (var scanner = new SqlScanner(bytes); scanner.MoveNext();)
        {
            if (scanner.Depth > 0 || !scanner.IsSymbol(',')) continue;
            parts.Add(Encoding.UTF8.GetString(bytes[start..scanner.Start]));
            start = scanner.End;
        }
        parts.Add(Encoding.UTF8.GetString(bytes[start..]));
        return parts;
    }

    static string ReadText(Stream body, CancellationToken cancellation)
    {
        using var text = new MemoryStream();
        var buffer = new byte[8 * 1024];
        for (int count; (count = body.ReadAsync(buffer, cancellation).AsTask().GetAwaiter().GetResult()) > 0;)
        {
            text.Write(buffer, 0, count);
            if (text.Length > LongestField)
                throw new EngineException(ErrorCodes.SyntaxError, "SYNTAX_ERROR", $"A field is longer than {LongestField} bytes.");
        }
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
