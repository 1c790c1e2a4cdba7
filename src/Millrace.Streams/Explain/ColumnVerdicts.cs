using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Explain;

/// <summary>Lets ClickHouse judge the fields of one value by the very expressions of the parse view.</summary>
static class ColumnVerdicts
{
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<IReadOnlyList<ColumnVerdict>> ReadAsync(
        ClickHouseClient client, StreamDefinition stream, byte[] value, CancellationToken cancellation)
    {
        var fields = string.Join(", ", stream.Columns.Select(Field));
        var query = $"""
            WITH
                unhex('{Convert.ToHexString(value)}') AS message,
                {ParseViewSql.Extracted(stream, "message")} AS quick_fields,
                {ParseViewSql.IsLossy(stream, "quick_fields")} AS is_lossy,
                {SentJson.Readable("message")} AS sent_json,
                {ReparsedTableSql.Fields(stream)},
                {SentJson.FieldsOf("sent_json")} AS sent
            SELECT (arrayJoin([{fields}]) AS field).1 AS name, field.2 AS raw, field.3 AS parsed
            """;
        var answer = await client.QueryAsync<FieldRow>(query, cancellation: cancellation).ConfigureAwait(false);
        var rows = answer.ToDictionary(row => row.Name);
        return [.. stream.Columns.Select(column => Judge(column, rows[column.Name]))];
    }

    static string Field(ColumnDefinition column)
    {
        var name = Sql.Text(column.Name);
        return $"({name}, sent.2[indexOf(sent.1, {name})], toString({ParseViewSql.Value(column)}))";
    }

    static ColumnVerdict Judge(ColumnDefinition column, FieldRow field)
    {
        var raw = field.Raw == "" ? null : field.Raw;
        var error = (field.Parsed, raw) switch
        {
            ({ }, _) => null,
            (_, null or "null") when !column.IsRequired => null,
            (_, null) => "is missing",
            (_, "null") => "is null",
            _ => $"is not a valid {column.Type.BareSql}",
        };
        return new ColumnVerdict(column.Name, column.Type.Sql, raw, field.Parsed, error);
    }

    sealed record FieldRow(string Name, string Raw, string? Parsed);
}
