using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// What was rejected, parsed once more: what ClickHouse's parser refused or changed is read again with the digits that were sent
/// (<see cref="SentJson"/>). The table stores nothing; the view to the target table and the one to the dead letters stand behind it.
/// </summary>
static class ReparsedTableSql
{
    /// <summary>Records that are here for their block alone were parsed right the first time: nobody asks for what was sent.</summary>
    const string IsReadAgain = "is_lossy OR NOT r.valid";

    /// <summary>What is read again need not begin with a brace, and what does need not be JSON.</summary>
    const string IsObject = $"if(is_lossy, JSONType(sent_json) = 'Object', {ParseViewSql.IsObject})";

    static readonly string[] Outcome = ["sent_json String", "valid Bool", "inexact Bool"];

    public static string Create(StreamDefinition stream) =>
        $"""
        CREATE TABLE IF NOT EXISTS {stream.ReparsedTable}
        (
            {Sql.Lines([.. ParsedTableSql.Values(stream), .. RejectedTableSql.RecordColumns(stream), .. Outcome])}
        )
        ENGINE = Null
        """;

    public static string CreateView(StreamDefinition stream) =>
        $"""
        CREATE MATERIALIZED VIEW IF NOT EXISTS {stream.ReparseView} TO {stream.ReparsedTable} AS
        WITH
            if({IsReadAgain}, {SentJson.Readable("message")}, '') AS sent_json,
            {Fields(stream)}
        SELECT
            {Sql.Lines([
                .. stream.Columns.Select(column => $"{Value(stream, column)} AS {column.Name}"),
                .. RejectedTableSql.RecordColumns(stream).Select(Sql.NameOf),
                "sent_json",
                $"{ParseViewSql.Valid(stream, IsObject, column => IsAccepted(stream, column))} AS valid",
                "inexact"])}
        FROM {stream.RejectedTable} AS r
        """;

    /// <summary>
    /// The clause that names as <c>json</c> what a record is read from, as the record <c>is_lossy</c> or not, and as <c>fields</c> what
    /// stands in it; <c>sent_json</c> is what <see cref="SentJson.Readable"/> gave.
    /// </summary>
    public static string Fields(StreamDefinition stream) =>
        $"if(is_lossy, sent_json, message) AS json,\n    {new RecordFields(stream).Extracted("json")} AS fields";

    /// <summary>The column's value, from what <see cref="Fields"/> named; NULL where it has none.</summary>
    public static string Value(StreamDefinition stream, ColumnDefinition column) =>
        ColumnValueSql.Value(column, Text(stream, column), "json");

    static string? IsAccepted(StreamDefinition stream, ColumnDefinition column) =>
        ColumnValueSql.IsAccepted(column, Text(stream, column), "json");

    static string Text(StreamDefinition stream, ColumnDefinition column)
    {
        var text = new RecordFields(stream).Text(column, "json", "fields");
        return column.Path is null ? text : $"if(is_lossy, {SentJson.WithoutMarks(text)}, {text})";
    }
}
