namespace Millrace.ClickHouse.Sql;

/// <summary>Writes values and names into SQL so that they stay values and names.</summary>
static class SqlText
{
    public static string Literal(string value) => $"'{Escape(value, '\'')}'";

    public static string Name(string name) => $"`{Escape(name, '`')}`";

    /// <summary>What stands behind SET and SETTINGS.</summary>
    public static string Settings(IEnumerable<KeyValuePair<string, string>> settings) =>
        string.Join(", ", settings.Select(setting => $"{Name(setting.Key)} = {Literal(setting.Value)}"));

    static string Escape(string text, char quote) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(quote.ToString(), $"\\{quote}", StringComparison.Ordinal);
}
