using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Explain;

/// <summary>
/// Finds the records whose field has a value, where ClickHouse keeps them. Reads only. What is asked for travels as a parameter and never
/// stands in the SQL.
/// </summary>
public static class RecordSearch
{
    /// <summary>Of rows, and of dead letters.</summary>
    public const int MostHits = 20;

    /// <summary>A column that is not in the sorting key is read whole: somebody who waits for that would rather be told.</summary>
    const int LongestSeconds = 15;

    /// <summary>A text that is no value of the column's type is in no row, but may be what made a record a dead letter.</summary>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer in time, or refused: the tables are not set up.</exception>
    public static async Task<IReadOnlyList<RecordHit>> RunAsync(
        ClickHouseClient client, StreamDefinition stream, ColumnDefinition column, string value, CancellationToken cancellation)
    {
        var parameters = new Dictionary<string, string>
        {
            ["value"] = value,
            ["topic"] = stream.Topic,
        };
        var rows = await client.QueryAsync<RecordHit>(Rows(stream, column), parameters, cancellation).ConfigureAwait(false);
        var letters = await client.QueryAsync<RecordHit>(Letters(stream, column), parameters, cancellation).ConfigureAwait(false);
        return [.. rows, .. letters];
    }

    internal static string Rows(StreamDefinition stream, ColumnDefinition column) =>
        $$"""
        SELECT '{{Verdicts.Row}}' AS kind, {{Origin}}
        FROM {{stream.TargetTable}}
        WHERE {{column.Type.IsWanted(column.Name, "{value:String}")}} AND kafka_topic = {topic:String}
        LIMIT {{MostHits}}
        SETTINGS max_execution_time = {{LongestSeconds}}
        """;

    internal static string Letters(StreamDefinition stream, ColumnDefinition column) =>
        $$"""
        SELECT '{{Verdicts.DeadLetter}}' AS kind, {{Origin}}
        FROM {{stream.DeadLetterTable}}
        WHERE kafka_topic = {topic:String} AND {{Has(stream, column)}}
        LIMIT {{MostHits}}
        SETTINGS max_execution_time = {{LongestSeconds}}
        """;

    /// <summary>What is no JSON has no fields: it may hold the text anywhere.</summary>
    static string Has(StreamDefinition stream, ColumnDefinition column) => column switch
    {
        { Path: { } path } =>
            $"if(isValidJSON(message), {RecordFields.Text(path, "message")} = {{value:String}} "
            + $"OR {RecordFields.Raw(path, "message")} = {{value:String}}, position(message, {{value:String}}) > 0)",
        { Source: ColumnSource.Computed } => "0",
        _ => $"{new RecordFields(stream).TextBesideJson(column)} = {{value:String}}",
    };

    const string Origin = "kafka_topic AS topic, kafka_partition AS partition, kafka_offset AS offset, kafka_timestamp AS time";
}

/// <summary>A record that ClickHouse keeps. Immutable.</summary>
/// <param name="Kind"><see cref="Verdicts.Row"/> or <see cref="Verdicts.DeadLetter"/>.</param>
/// <param name="Time">Of the record, as ClickHouse shows it.</param>
public sealed record RecordHit(string Kind, string Topic, int Partition, long Offset, string Time);
