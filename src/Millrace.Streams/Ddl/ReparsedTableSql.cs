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

    static readonly string[] Outcome = ["sent_json String", "valid Bool", "inexact Bool"];

    /// <summary>
    /// The clause that names as <c>fields</c> the text of each field of <c>message</c>, NULL where there is none, as the record
    /// <c>is_lossy</c> or not; <c>sent_json</c> is what <see cref="SentJson.Readable"/> gave.
    /// </summary>
    public static string Fields(StreamDefinition stream) =>
        $"{ParseViewSql.Extracted(stream, $"if(is_lossy, {SentJson.TextsOf("sent_json")}, message)")} AS fields";

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
        WITH
            if({IsReadAgain}, {SentJson.Readable("message")}, '') AS sent_json,
            {Fields(stream)}
        SELECT
            {Sql.Lines([.. ParseViewSql.Values(stream), .. RejectedTableSql.RecordColumns.Select(Sql.NameOf), "sent_json",
                $"{ParseViewSql.Valid(stream, $"is_lossy OR {ParseViewSql.IsObject}")} AS valid", "inexact"])}
        FROM {stream.RejectedTable} AS r
        """;
}
