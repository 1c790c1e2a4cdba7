using System.Text.RegularExpressions;

namespace Millrace.Streams.ClickHouse;

/// <summary>
/// Writes values into SQL. The identifiers of tables and columns need no quotes: <c>StreamFile</c> lets no other through.
/// </summary>
static partial class Sql
{
    /// <summary>A string literal.</summary>
    public static string Text(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    /// <summary>An element of a tuple, which may have any name.</summary>
    public static string Name(string name) => PlainName().IsMatch(name)
        ? name
        : $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    /// <summary>Of a column as CREATE TABLE states it.</summary>
    public static string NameOf(string column) => column.Split(' ')[0];

    /// <summary>Items one a line, indented, with a comma after each but the last.</summary>
    public static string Lines(IEnumerable<string> items) => string.Join(",\n    ", items);

    /// <summary>Each line four columns to the right.</summary>
    public static string Indented(string lines) => $"    {lines.Replace("\n", "\n    ", StringComparison.Ordinal)}";

    [GeneratedRegex(@"^[A-Za-z_]\w*\z", RegexOptions.ECMAScript)]
    private static partial Regex PlainName();
}
