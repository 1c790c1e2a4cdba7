using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>
/// Compares topics with tables. Reads only, and is right while the stand runs:
/// what was committed before the tables are looked at must be in them.
/// </summary>
public sealed class StandAudit
{
    /// <summary>Gaps in the tables that are looked up in the topic in one go: it bounds what is held in memory.</summary>
    const int MostGaps = 100_000;

    static readonly IReadOnlySet<TopicPartition> NoPartitions = new HashSet<TopicPartition>();

    readonly StandEndpoints _endpoints;
    readonly PartitionStates _partitions;
    readonly IReadOnlySet<TopicPartition> _unread;
    readonly OffsetReader _offsets;
    readonly RecordReader _records;
    readonly ClickHouseClient _client;
    readonly int _mostGaps;

    StandAudit(
        StandEndpoints endpoints, PartitionStates partitions, IReadOnlySet<TopicPartition> unread,
        OffsetReader offsets, RecordReader records, ClickHouseClient client, int mostGaps)
    {
        _endpoints = endpoints;
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
        var partitions = await kafka.StatesOfAsync(topics, cancellation).ConfigureAwait(false);
        var paused = await StreamPause.TopicsAsync(client, catalog.Streams, endpoints.Identity.Name, cancellation).ConfigureAwait(false);
        var read = topics.Except(paused).ToHashSet();
        var unread = readerLimit is { } limit
            ? await ReaderCheck.UnreadAsync(kafka, endpoints.Identity.Group, read, limit, cancellation).ConfigureAwait(false)
            : NoPartitions;
        var audit = new StandAudit(endpoints, partitions, unread, kafka.Offsets, records, client, mostGaps);
        var report = await audit.RunAsync(catalog, cancellation).ConfigureAwait(false);
        return new AuditReport([.. report.Topics.Select(topic => topic with { Paused = paused.Contains(topic.Topic) })]);
    }

    async Task<AuditReport> RunAsync(StreamCatalog catalog, CancellationToken cancellation)
    {
        var committed = await _offsets.CommittedAsync(_endpoints.Identity.Group, _partitions.All).ConfigureAwait(false);
        var starts = await _offsets.FindLogStartsAsync(_partitions).ConfigureAwait(false);
        var (stored, tables) = await new StoredPartitionQuery(_client)
            .ReadAsync(catalog, starts, committed, cancellation).ConfigureAwait(false);
        var ends = await _offsets.FindLogEndsAsync(_partitions.Without(starts)).ConfigureAwait(false);
        var others = await FindOthersAsync(tables, starts, ends, cancellation).ConfigureAwait(false);

        var topics = new List<TopicAudit>();
        foreach (var stream in catalog.Streams)
        {
            var partitions = new List<PartitionAudit>();
            // With those that only the tables know, which a topic made anew with fewer partitions leaves behind.
            var keys = _partitions.All.Union(stored.Keys).Where(key => key.Topic == stream.Topic).OrderBy(key => key.Partition.Value);
            foreach (var key in keys)
            {
                long? read = committed.TryGetValue(key, out var offset) ? offset : null;
                var held = stored.GetValueOrDefault(key, StoredPartition.None);
                var judged = (starts.ErrorOf(key) ?? ends.ErrorOf(key)) is { } error
                    ? PartitionAudit.InTrouble(key.Partition, error, read, held)
                    : await JudgeAsync(
                        stream,
                        new PartitionOffsets(key.Partition, starts.Of(key) ?? 0, ends.Of(key) ?? 0, read),
                        held,
                        cancellation).ConfigureAwait(false);
                partitions.Add(judged with
                {
                    ReadByNobody = _unread.Contains(key),
                    OtherRecordAt = others.TryGetValue(key, out var other) ? other : null,
                });
            }
            topics.Add(new TopicAudit(stream.Name, stream.Topic, stream.TargetTable, partitions));
        }
        return new AuditReport(topics);
    }

    /// <returns>The lowest offset of each partition at which the topic holds another record than a table.</returns>
    async Task<IReadOnlyDictionary<TopicPartition, long>> FindOthersAsync(
        IReadOnlyList<StoredEnds> tables, KnownOffsets starts, KnownOffsets ends, CancellationToken cancellation)
    {
        var others = await StoredEnds.FindOthersAsync(_endpoints, tables, starts.Offsets, ends.Offsets, cancellation).ConfigureAwait(false);
        return others.GroupBy(other => new TopicPartition(other.Stored.Topic, other.Stored.Partition), other => other.Offset)
            .ToDictionary(partition => partition.Key, partition => partition.Min());
    }

    async Task<PartitionAudit> JudgeAsync(
        StreamDefinition stream, PartitionOffsets offsets, StoredPartition stored, CancellationToken cancellation)
    {
        if (!offsets.HasGaps(stored)) return offsets.Judge(stored, GapFindings.Nothing);
        var partition = new TopicPartition(stream.Topic, offsets.Partition);
        var query = new StoredPartitionQuery(_client);
        var search = new GapSearch(
            offsets.LogStart,
            (range, most) => query.GapsAsync(stream, offsets.Partition, range, most, cancellation),
            range => _records.Read(partition, range.From, range.To),
            _mostGaps);
        return offsets.Judge(stored, await search.RunAsync(offsets.Expected(stored), cancellation).ConfigureAwait(false));
    }
}
