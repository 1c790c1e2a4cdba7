using System.Globalization;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Samples;

/// <summary>What ClickHouse holds of a range of records of one partition. Immutable.</summary>
sealed record StoredRecords(ILookup<long, IReadOnlyList<string?>> Rows, ILookup<long, StoredLetter> Letters)
{
    /// <param name="samples">Of one stream and partition, in the order of their offsets; at least one.</param>
    /// <param name="withTexts">The values of rows are wanted, too.</param>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<StoredRecords> ReadAsync(
        ClickHouseClient client, IReadOnlyList<SampleRecord> samples, bool withTexts, CancellationToken cancellation)
    {
        var stream = samples[0].Stream;
        var where = string.Create(
            CultureInfo.InvariantCulture,
            $"kafka_topic = {Sql.Text(stream.Topic)} AND kafka_partition = {samples[0].Partition} "
                + $"AND kafka_offset BETWEEN {samples[0].Offset} AND {samples[^1].Offset}");
        var texts = withTexts ? stream.Columns.Select(Text) : [];
        var rows = await client.QueryAsync<RowTexts>(
            $"SELECT kafka_offset AS offset, CAST([{string.Join(", ", texts)}], 'Array(Nullable(String))') AS texts "
                + $"FROM {stream.TargetTable} WHERE {where}",
            cancellation: cancellation).ConfigureAwait(false);
        var letters = await client.QueryAsync<StoredLetter>(
            $"SELECT kafka_offset AS offset, reason, failed_columns FROM {stream.DeadLetterTable} WHERE {where}",
            cancellation: cancellation).ConfigureAwait(false);
        return new StoredRecords(rows.ToLookup(row => row.Offset, row => row.Texts), letters.ToLookup(letter => letter.Offset));
    }

    static string Text(ColumnDefinition column) => $"CAST(toString({column.Name}), 'Nullable(String)')";

    sealed record RowTexts(long Offset, IReadOnlyList<string?> Texts);
}

/// <summary>A dead letter as far as a check looks at it. Immutable.</summary>
sealed record StoredLetter(long Offset, string Reason, IReadOnlyList<string> FailedColumns);
