using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>Compares topics with tables. Reads only, and is right while the stand runs: what was committed before the tables are looked at must be in them.</summary>
public sealed class StandAudit
{
    /// <summary>Offsets in no table that are looked up in the topic in one go: it bounds what is held in memory.</summary>
    const int MostGaps = 1_000_000;

    static readonly IReadOnlySet<TopicPartition> NoPartitions = new HashSet<TopicPartition>();

    readonly string _group;
    readonly IReadOnlyList<TopicPartition> _partitions;
    readonly IReadOnlySet<TopicPartition> _unread;
    readonly OffsetReader _offsets;
    readonly RecordReader _records;
    readonly ClickHouseClient _client;
    readonly int _mostGaps;

    StandAudit(
        string group, IReadOnlyList<TopicPartition> partitions, IReadOnlySet<TopicPartition> unread,
        OffsetReader offsets, RecordReader records, ClickHouseClient client, int mostGaps)
    {
        _group = group;
        _partitions = partitions;
        _unread = unread;
        _offsets = offsets;
        _records = records;
        _client = client;
        _mostGaps = mostGaps;
    }

    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    /// <exception cref="ClickHouseUnavailableException">ClickHouse gave no answer.</exception>
    /// <exception cref="ClickHouseException">ClickHouse refused a query: the tables are not set up.</exception>
    public static Task<AuditReport> RunAsync(StandEndpoints endpoints, StreamCatalog catalog, CancellationToken cancellation) =>
        RunAsync(endpoints, catalog, MostGaps, ReaderCheck.Limit, cancellation);

    /// <param name="readerLimit">How long a partition may be without a reader; null: who reads is not looked at.</param>
    internal static async Task<AuditReport> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, int mostGaps, TimeSpan? readerLimit, CancellationToken cancellation)
    {
        using var kafka = new KafkaAdmin(endpoints);
        using var records = new RecordReader(endpoints, endpoints.Identity.Group);
        using var client = new ClickHouseClient(endpoints);
        var topics = catalog.Streams.Select(stream => stream.Topic).ToHashSet();
        var unread = readerLimit is { } limit
            ? await ReaderCheck.UnreadAsync(kafka, endpoints.Identity.Group, topics, limit, cancellation).ConfigureAwait(false)
            : NoPartitions;
        var partitions = await kafka.PartitionsOfAsync(topics, cancellation).ConfigureAwait(false);
        var audit = new StandAudit(endpoints.Identity.Group, partitions, unread, kafka.Offsets, records, client, mostGaps);
        return await audit.RunAsync(catalog, cancellation).ConfigureAwait(false);
    }

    async Task<AuditReport> RunAsync(StreamCatalog catalog, CancellationToken cancellation)
    {
        var committed = await _offsets.CommittedAsync(_group, _partitions).ConfigureAwait(false);
        var starts = await _offsets.LogStartsAsync(_partitions).ConfigureAwait(false);
        var stored = new Dictionary<string, IReadOnlyDictionary<int, StoredPartition>>();
        foreach (var stream in catalog.Streams)
            stored[stream.Name] = await new StoredPartitionQuery(_client, stream).ReadAsync(committed, cancellation).ConfigureAwait(false);
        var ends = await _offsets.LogEndsAsync(_partitions).ConfigureAwait(false);

        var topics = new List<TopicAudit>();
        foreach (var stream in catalog.Streams)
        {
            var partitions = new List<PartitionAudit>();
            foreach (var offsets in Offsets(stream, stored[stream.Name].Keys, starts, ends, committed))
            {
                var held = stored[stream.Name].GetValueOrDefault(offsets.Partition, StoredPartition.None);
                var judged = await JudgeAsync(stream, offsets, held, cancellation).ConfigureAwait(false);
                partitions.Add(judged with { ReadByNobody = _unread.Contains(new TopicPartition(stream.Topic, offsets.Partition)) });
            }
            topics.Add(new TopicAudit(stream.Name, stream.Topic, stream.TargetTable, partitions));
        }
        return new AuditReport(topics);
    }

    async Task<PartitionAudit> JudgeAsync(StreamDefinition stream, PartitionOffsets offsets, StoredPartition stored, CancellationToken cancellation)
    {
        if (!offsets.HasGaps(stored)) return offsets.Judge(stored, GapFindings.Nothing);
        var partition = new TopicPartition(stream.Topic, offsets.Partition);
        var query = new StoredPartitionQuery(_client, stream);
        var found = GapFindings.Nothing;
        for (var left = offsets.Expected(stored); left.Count > 0;)
        {
            var gaps = await query.GapsAsync(offsets.Partition, left, _mostGaps, cancellation).ConfigureAwait(false);
            found += await Task.Run(() => GapFindings.Examine(gaps, offsets.LogStart, range => _records.Read(partition, range.From, range.To)), cancellation).ConfigureAwait(false);
            left = left with { From = gaps.Sum(gap => gap.Count) < _mostGaps ? left.To : gaps[^1].To };
        }
        return offsets.Judge(stored, found);
    }

    /// <summary>The topic's partitions and those that only the tables know, which a topic made anew with fewer partitions leaves behind.</summary>
    IEnumerable<PartitionOffsets> Offsets(
        StreamDefinition stream, IEnumerable<int> storedPartitions, IReadOnlyDictionary<TopicPartition, long> starts, IReadOnlyDictionary<TopicPartition, long> ends, IReadOnlyDictionary<TopicPartition, long> committed)
    {
        var own = _partitions.Where(partition => partition.Topic == stream.Topic).Select(partition => partition.Partition.Value);
        foreach (var partition in own.Union(storedPartitions).Order())
        {
            var key = new TopicPartition(stream.Topic, partition);
            yield return new PartitionOffsets(partition, starts.GetValueOrDefault(key), ends.GetValueOrDefault(key), committed.TryGetValue(key, out var offset) ? offset : null);
        }
    }
}
