using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// The TTLs that columns of target tables have and are to have, in the form in which ClickHouse writes them: only so can two be compared.
/// Immutable.
/// </summary>
sealed class ColumnTtls
{
    readonly IReadOnlyDictionary<string, string> _tables;
    readonly IReadOnlyDictionary<string, string> _forms;

    ColumnTtls(IReadOnlyDictionary<string, string> tables, IReadOnlyDictionary<string, string> forms) =>
        (_tables, _forms) = (tables, forms);

    public static async Task<ColumnTtls> ReadAsync(ClickHouseClient client, StreamCatalog catalog, CancellationToken cancellation)
    {
        var names = string.Join(", ", catalog.Streams.Select(stream => Sql.Text(stream.TargetTable)));
        var tables = await client.QueryAsync<TableRow>(
            "SELECT name, create_table_query AS created FROM system.tables "
                + $"WHERE database = currentDatabase() AND name IN ({names}) AND position(create_table_query, {Sql.Text(Word)}) > 0",
            cancellation: cancellation).ConfigureAwait(false);
        var wanted = catalog.Streams.SelectMany(stream => stream.Columns).Select(column => column.Ttl).OfType<string>().Distinct().ToList();
        var forms = wanted.Count == 0
            ? []
            : await client.QueryAsync<FormRow>(
                $"SELECT arrayJoin([{string.Join(", ", wanted.Select(Sql.Text))}]) AS ttl, "
                    + $"substring(formatQuerySingleLine(concat({Sql.Text(Select)}, ttl)), {Select.Length + 1}) AS form",
                cancellation: cancellation).ConfigureAwait(false);
        return new ColumnTtls(
            tables.ToDictionary(table => table.Name, table => table.Created), forms.ToDictionary(form => form.Ttl, form => form.Form));
    }

    /// <param name="next">The column after it; null for the last.</param>
    /// <returns>Empty for a column whose values stay.</returns>
    public string Of(ColumnState column, ColumnState? next)
    {
        if (!_tables.TryGetValue(column.Table, out var create)) return "";
        var kind = column.DefaultKind == "" ? "" : $" {column.DefaultKind} {column.DefaultExpression}";
        var comment = column.Comment == "" ? "" : $" COMMENT {Escaped(column.Comment)}";
        var codec = column.Codec == "" ? "" : $" {column.Codec}";
        var before = $"`{column.Name}` {column.Type}{kind}{comment}{codec}{Word}";
        var at = create.IndexOf(before, StringComparison.Ordinal);
        if (at < 0) return "";
        var rest = create[(at + before.Length)..];
        string[] ends = next is null ? [", PROJECTION ", ", INDEX ", ", CONSTRAINT ", ") ENGINE = "] : [$", `{next.Name}` {next.Type}"];
        return rest[..ends.Select(end => rest.IndexOf(end, StringComparison.Ordinal)).Where(end => end >= 0).Append(rest.Length).Min()];
    }

    /// <summary>As ClickHouse writes a text (src/IO/WriteHelpers.h, writeAnyEscapedString).</summary>
    static string Escaped(string text) => Sql.Text(text)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal).Replace("\b", "\\b", StringComparison.Ordinal)
        .Replace("\f", "\\f", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal);

    /// <returns>Empty for none.</returns>
    public string Wanted(ColumnDefinition column) => column.Ttl is { } ttl ? _forms[ttl] : "";

    const string Word = " TTL ";
    const string Select = "SELECT ";

    sealed record TableRow(string Name, string Created);

    sealed record FormRow(string Ttl, string Form);
}
