using System.Text;

namespace Millrace.Streams.ClickHouse;

/// <summary>
/// Puts a query's settings and parameters into the URL, as ClickHouse's HTTP interface takes them
/// (https://clickhouse.com/docs/interfaces/http).
/// </summary>
sealed class QueryAddress(Uri server, string database)
{
    readonly StringBuilder _text = new($"{server.GetLeftPart(UriPartial.Path)}?database={Uri.EscapeDataString(database)}");

    public QueryAddress With(string name, string value)
    {
        _text.Append('&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    /// <summary>Values for the query's <c>{name:Type}</c>.</summary>
    public QueryAddress WithParameters(IReadOnlyDictionary<string, string>? parameters)
    {
        foreach (var (name, value) in parameters ?? new Dictionary<string, string>()) With($"param_{name}", Escaped(value));
        return this;
    }

    public override string ToString() => _text.ToString();

    /// <summary>A parameter is read like a field of a TabSeparated row.</summary>
    static string Escaped(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
