using System.Globalization;
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
    const string IsReadAgain = "_is_lossy OR NOT _valid";

    /// <summary>What is read again need not begin with a brace, and what does need not be JSON.</summary>
    static string IsObject(StreamDefinition stream) => stream.Format.IsJson
        ? $"if(_is_lossy, JSONType(_sent_json) = 'Object', {ParseViewSql.IsObject(stream)})"
        : ParseViewSql.IsObject(stream);

    static readonly string[] Outcome = ["_sent_json String", "_valid Bool", "_inexact Bool"];

    public static string Create(StreamDefinition stream) =>
        $"""
        CREATE TABLE IF NOT EXISTS {stream.ReparsedTable}
        (
            {Sql.Lines([.. ParsedTableSql.Values(stream), .. RejectedTableSql.RecordColumns, .. Outcome])}
        )
        ENGINE = Null
        """;

    public static string CreateView(StreamDefinition stream) =>
        $"""
        CREATE MATERIALIZED VIEW IF NOT EXISTS {stream.ReparseView} TO {stream.ReparsedTable} AS
        {Parsed(stream, stream.RejectedTable, SentJson.OfRecord(stream, IsReadAgain), "_inexact")}
        """;

    /// <summary>
    /// The query for records with the values of their columns, and whether they are events of the stream: the rows of the reparsed table.
    /// </summary>
    /// <param name="more">A column of the records that comes along.</param>
    /// <inheritdoc cref="Read"/>
    public static string Parsed(StreamDefinition stream, string records, string sentJson, string more) =>
        $"""
        SELECT
            {Sql.Lines([
                .. stream.ReadColumns.Select(column => $"{Value(stream, column)} AS {column.Name}"),
                .. RejectedTableSql.RecordColumns.Select(Sql.NameOf),
                "_sent_json",
                $"{ParseViewSql.Valid(stream, IsObject(stream), column => IsAccepted(stream, column))} AS _valid",
                more])}
        FROM {Read(stream, records, sentJson)}{ParseViewSql.Settings(stream)}
        """;

    /// <summary>
    /// Records with what they are read from: <c>json</c>, as the record <c>is_lossy</c> or not, and the <c>texts</c> of the columns in it.
    /// A subquery, since ClickHouse writes out an alias wherever it stands.
    /// </summary>
    /// <param name="records">The SQL of the records.</param>
    /// <param name="sentJson">What <see cref="SentJson.OfRecord"/> gives; it becomes <c>_sent_json</c>.</param>
    public static string Read(StreamDefinition stream, string records, string sentJson)
    {
        var fields = new RecordFields(stream);
        var json = stream.Format.IsJson ? "if(_is_lossy, _sent_json, kafka_value)" : "_sent_json";
        var texts = InJson(stream).Select(column => fields.Text(column, "_json", "_fields")).ToList();
        return $"""
            (
                SELECT *, if(_is_lossy, {SentJson.TextsOf(texts)}, [{string.Join(", ", texts)}]) AS _texts
                FROM (
                    SELECT *, {sentJson} AS _sent_json, {json} AS _json, {fields.Extracted("_json")} AS _fields
                    FROM {records}
                )
            )
            """;
    }

    /// <summary>The column's value, from what <see cref="Read"/> gave; NULL where it has none.</summary>
    public static string Value(StreamDefinition stream, ColumnDefinition column) =>
        ColumnValueSql.Value(column, Text(stream, column), "_json", SentJson.Reading);

    static string? IsAccepted(StreamDefinition stream, ColumnDefinition column) =>
        ColumnValueSql.IsAccepted(column, Text(stream, column), "_json");

    static List<ColumnDefinition> InJson(StreamDefinition stream) => [.. stream.ReadColumns.Where(column => column.Path is not null)];

    static string Text(StreamDefinition stream, ColumnDefinition column) => column.Path is null
        ? new RecordFields(stream).TextBesideJson(column)
        : string.Create(CultureInfo.InvariantCulture, $"_texts[{InJson(stream).IndexOf(column) + 1}]");
}
