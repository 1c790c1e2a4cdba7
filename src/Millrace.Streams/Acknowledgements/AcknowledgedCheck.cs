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

    /// <summary>To be asked once ClickHouse has read to <see cref="AcknowledgedPartition.End"/>: what it has not read counts as lost.</summary>
    /// <exception cref="ClickHouseUnavailableException">ClickHouse gave no answer.</exception>
    /// <exception cref="ClickHouseException">ClickHouse refused a query: the tables are not set up.</exception>
    public static async Task<AcknowledgedReport> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, AcknowledgedOffsets acknowledged, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        var streams = catalog.Streams.ToDictionary(stream => stream.Topic);
        var partitions = new List<LostRecords>();
        var records = acknowledged.WithoutOffset;
        foreach (var partition in acknowledged.Snapshot())
        {
            records += partition.Records;
            var lost = await LostAsync(client, streams[partition.Partition.Topic], partition, cancellation).ConfigureAwait(false);
            if (lost.Count > 0) partitions.Add(lost);
        }
        return new AcknowledgedReport(records, acknowledged.WithoutOffset, partitions);
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
        return new LostRecords(acknowledged.Partition.Topic, partition, unstored, first, acknowledged.Twice);
    }

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
/// <param name="WithoutOffset">Of <paramref name="Records"/>: nobody can look them up (<see cref="AcknowledgedOffsets.WithoutOffset"/>).</param>
/// <param name="Partitions">Those that have lost any.</param>
public sealed record AcknowledgedReport(long Records, long WithoutOffset, IReadOnlyList<LostRecords> Partitions)
{
    public long Lost => Partitions.Sum(partition => partition.Count);

    public long Stored => Records - WithoutOffset - Lost;
}

/// <summary>Acknowledged records of one partition that are neither rows nor dead letters. Immutable.</summary>
/// <param name="Unstored">Offsets that ClickHouse holds nothing of.</param>
/// <param name="UnstoredRanges">The first of them, at most <see cref="PartitionAudit.NamedRanges"/>.</param>
/// <param name="GivenTwice">Offsets that the broker gave to another record afterwards.</param>
public sealed record LostRecords(
    string Topic, int Partition, long Unstored, IReadOnlyList<OffsetRange> UnstoredRanges, IReadOnlyList<long> GivenTwice)
{
    public long Count => Unstored + GivenTwice.Count;
}
