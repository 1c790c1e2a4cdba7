using System.Globalization;
using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Acknowledgements;

/// <summary>
/// Whether what Kafka has acknowledged to a producer is stored. <see cref="StandAudit"/> asks the topic what should be there, so it can't
/// know of a record that the broker acknowledged and lost.
/// </summary>
public static class AcknowledgedCheck
{
    /// <summary>Gaps of a partition that are asked for in one go.</summary>
    const int GapsAtOnce = 10_000;

    /// <summary>
    /// To be asked once ClickHouse has read to <see cref="AcknowledgedPartition.End"/>: what it has not read counts as lost.
    /// </summary>
    /// <exception cref="ClickHouseUnavailableException">ClickHouse gave no answer.</exception>
    /// <exception cref="ClickHouseException">ClickHouse refused a query: the tables are not set up.</exception>
    public static Task<AcknowledgedReport> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, AcknowledgedOffsets acknowledged, CancellationToken cancellation) =>
        RunAsync(endpoints, catalog, acknowledged.Snapshot(), acknowledged.WithoutOffset, cancellation);

    /// <param name="withoutOffset">As of <see cref="AcknowledgedOffsets.WithoutOffset"/>.</param>
    /// <inheritdoc cref="RunAsync(StandEndpoints, StreamCatalog, AcknowledgedOffsets, CancellationToken)"/>
    public static async Task<AcknowledgedReport> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, IReadOnlyList<AcknowledgedPartition> acknowledged, long withoutOffset,
        CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        var streams = catalog.Streams.ToDictionary(stream => stream.Topic);
        var partitions = new List<LostRecords>();
        var records = withoutOffset;
        foreach (var partition in acknowledged)
        {
            records += partition.Records;
            var lost = await LostAsync(client, streams[partition.Partition.Topic], partition, cancellation).ConfigureAwait(false);
            if (lost.Count > 0) partitions.Add(lost);
        }
        return new AcknowledgedReport(records, withoutOffset, partitions);
    }

    static async Task<LostRecords> LostAsync(
        ClickHouseClient client, StreamDefinition stream, AcknowledgedPartition acknowledged, CancellationToken cancellation)
    {
        var (query, partition) = (new StoredPartitionQuery(client), acknowledged.Partition.Partition.Value);
        var (unstored, first) = (0L, new List<OffsetRange>());
        IReadOnlyList<OffsetRange> gaps;
        var rest = new OffsetRange(acknowledged.Ranges[0].From, acknowledged.End);
        do
        {
            gaps = await query.GapsAsync(stream, partition, rest, GapsAtOnce, cancellation).ConfigureAwait(false);
            foreach (var range in Common(acknowledged.Ranges, gaps))
            {
                unstored += range.Count;
                if (first.Count < PartitionAudit.NamedRanges) first.Add(range);
            }
            if (gaps.Count > 0) rest = rest with { From = gaps[^1].To };
        }
        while (gaps.Count == GapsAtOnce);
        var others = await OthersAsync(client, stream, acknowledged, cancellation).ConfigureAwait(false);
        return new LostRecords(acknowledged.Partition.Topic, partition, unstored, first, acknowledged.Twice, others);
    }

    /// <summary>
    /// Where the broker forgot a record, the one that was given its offset may be another producer's: then a row is there, of another
    /// record.
    /// </summary>
    /// <returns>
    /// Offsets of the sample whose row or dead letter is of a record with another timestamp, but for those that were given twice.
    /// </returns>
    static async Task<IReadOnlyList<long>> OthersAsync(
        ClickHouseClient client, StreamDefinition stream, AcknowledgedPartition acknowledged, CancellationToken cancellation)
    {
        var wanted = acknowledged.Sample.Where(record => !acknowledged.Twice.Contains(record.Offset))
            .ToDictionary(record => record.Offset, record => record.Timestamp);
        if (wanted.Count == 0) return [];
        var offsets = string.Join(',', wanted.Keys.Select(offset => offset.ToString(CultureInfo.InvariantCulture)));
        string[] tables = [stream.TargetTable, stream.DeadLetterTable];
        var sql = string.Join(" UNION ALL ", tables.Select(table => string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT kafka_offset, toUnixTimestamp64Milli(kafka_timestamp) AS milliseconds FROM {table} "
            + $"WHERE kafka_topic = '{stream.Topic}' AND kafka_partition = {acknowledged.Partition.Partition.Value} "
            + $"AND kafka_offset IN ({offsets})")));
        var rows = await client.QueryAsync<StoredRecord>(sql, cancellation: cancellation).ConfigureAwait(false);
        return [.. rows.Where(row => wanted[row.KafkaOffset] != row.Milliseconds).Select(row => row.KafkaOffset).Distinct().Order()];
    }

    sealed record StoredRecord(long KafkaOffset, long Milliseconds);

    /// <summary>What lies in a range of both; each in order, none overlapping.</summary>
    internal static IEnumerable<OffsetRange> Common(IReadOnlyList<OffsetRange> some, IReadOnlyList<OffsetRange> others)
    {
        for (int one = 0, other = 0; one < some.Count && other < others.Count;)
        {
            var common = new OffsetRange(Math.Max(some[one].From, others[other].From), Math.Min(some[one].To, others[other].To));
            if (common.Count > 0) yield return common;
            if (some[one].To < others[other].To) one++;
            else other++;
        }
    }
}

/// <summary>What became of the records that Kafka acknowledged. Immutable.</summary>
/// <param name="WithoutOffset">
/// Of <paramref name="Records"/>: nobody can look them up (<see cref="AcknowledgedOffsets.WithoutOffset"/>).
/// </param>
/// <param name="Partitions">Those that have lost any.</param>
public sealed record AcknowledgedReport(long Records, long WithoutOffset, IReadOnlyList<LostRecords> Partitions)
{
    public long Lost => Partitions.Sum(partition => partition.Count);

    public long Stored => Records - WithoutOffset - Lost;
}

/// <summary>Acknowledged records of one partition that are neither rows nor dead letters. Immutable.</summary>
/// <param name="Unstored">Offsets that ClickHouse holds nothing of.</param>
/// <param name="UnstoredRanges">The first of them, at most <see cref="PartitionAudit.NamedRanges"/>.</param>
/// <param name="GivenTwice">Offsets that the broker gave to another of the producer's records afterwards.</param>
/// <param name="GivenToOthers">Offsets, of those that were looked at, at which another producer's record is stored.</param>
public sealed record LostRecords(
    string Topic, int Partition, long Unstored, IReadOnlyList<OffsetRange> UnstoredRanges, IReadOnlyList<long> GivenTwice,
    IReadOnlyList<long> GivenToOthers)
{
    public long Count => Unstored + GivenTwice.Count + GivenToOthers.Count;
}
