namespace Millrace.Streams.ClickHouse;

/// <summary>Writes values into SQL. Identifiers need no quotes: <c>StreamFile</c> lets no other through.</summary>
static class Sql
{
    /// <summary>A string literal.</summary>
    public static string Text(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    /// <summary>Of a column as CREATE TABLE states it.</summary>
    public static string NameOf(string column) => column.Split(' ')[0];

    /// <summary>Items one a line, indented, with a comma after each but the last.</summary>
    public static string Lines(IEnumerable<string> items) => string.Join(",\n    ", items);

    /// <summary>Each line four columns to the right.</summary>
    public static string Indented(string lines) => $"    {lines.Replace("\n", "\n    ", StringComparison.Ordinal)}";
}
