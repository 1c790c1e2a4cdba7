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

    /// <summary>Of a partition whose own broker answers, while the one that keeps what the group has read does not.</summary>
    const string CoordinatorIsSilent = "what was read is not known: the coordinator of its group does not answer";

    readonly StandEndpoints _endpoints;
    readonly PartitionStates _partitions;
    readonly OffsetReader _offsets;
    readonly Lazy<RecordReader> _records;
    readonly ClickHouseClient _client;
    readonly int _mostGaps;

    StandAudit(
        StandEndpoints endpoints, PartitionStates partitions, OffsetReader offsets, Lazy<RecordReader> records, ClickHouseClient client,
        int mostGaps)
    {
        _endpoints = endpoints;
        _partitions = partitions;
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

    /// <summary>What does not depend on another answer is asked at once: on a busy machine each question waits for its turn.</summary>
    /// <param name="readerLimit">How long a partition may be without a reader; null: who reads is not looked at.</param>
    internal static async Task<AuditReport> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, int mostGaps, TimeSpan? readerLimit, CancellationToken cancellation)
    {
        using var kafka = new KafkaAdmin(endpoints);
        using var client = new ClickHouseClient(endpoints);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var records = new Lazy<RecordReader>(() => new RecordReader(endpoints, endpoints.Identity.Group));
        var topics = catalog.Streams.Select(stream => stream.Topic).ToHashSet();
        var paused = StreamPause.TopicsAsync(client, catalog.Streams, endpoints.Identity.Name, over.Token);
        var readers = CheckReadersAsync(kafka, endpoints.Identity.Group, topics, paused, readerLimit, over.Token);
        try
        {
            var partitions = await kafka.StatesOfAsync(topics, cancellation).ConfigureAwait(false);
            var audit = new StandAudit(endpoints, partitions, kafka.Offsets, records, client, mostGaps);
            var report = await audit.RunAsync(catalog, cancellation).ConfigureAwait(false);
            return Complete(report, await paused.ConfigureAwait(false), await readers.ConfigureAwait(false));
        }
        finally
        {
            // They ask through the clients that go now.
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(paused, readers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (records.IsValueCreated) records.Value.Dispose();
        }
    }

    static async Task<ReaderCheck> CheckReadersAsync(
        KafkaAdmin kafka, string group, HashSet<string> topics, Task<IReadOnlySet<string>> paused, TimeSpan? limit,
        CancellationToken cancellation)
    {
        if (limit is not { } patience) return ReaderCheck.None;
        HashSet<string> read = [.. topics.Except(await paused.ConfigureAwait(false))];
        return await ReaderCheck.RunAsync(kafka, group, read, patience, cancellation).ConfigureAwait(false);
    }

    static AuditReport Complete(AuditReport report, IReadOnlySet<string> paused, ReaderCheck readers)
    {
        return new AuditReport([.. report.Topics.Select(Complete)]) { ReadersUnknown = readers.Trouble };

        TopicAudit Complete(TopicAudit topic) => topic with
        {
            Paused = paused.Contains(topic.Topic),
            Partitions =
            [
                .. topic.Partitions.Select(partition => partition with
                {
                    ReadByNobody = readers.Unread.Contains(new TopicPartition(topic.Topic, partition.Partition)),
                }),
            ],
        };
    }

    async Task<AuditReport> RunAsync(StreamCatalog catalog, CancellationToken cancellation)
    {
        var (asked, began) = (CommittedAsync(), _offsets.FindLogStartsAsync(_partitions));
        await Task.WhenAll(asked, began).ConfigureAwait(false);
        var (committed, starts) = (await asked.ConfigureAwait(false), await began.ConfigureAwait(false));
        var (stored, tables) = await new StoredPartitionQuery(_client)
            .ReadAsync(catalog, starts, committed ?? new Dictionary<TopicPartition, long>(), cancellation).ConfigureAwait(false);
        var compared = FindOthersAsync(tables, starts, cancellation);
        var ends = await _offsets.FindLogEndsAsync(_partitions.Without(starts)).ConfigureAwait(false);
        var others = await compared.ConfigureAwait(false);

        var topics = new List<TopicAudit>();
        foreach (var stream in catalog.Streams)
        {
            var partitions = new List<PartitionAudit>();
            // With those that only the tables know, which a topic made anew with fewer partitions leaves behind.
            var keys = _partitions.All.Union(stored.Keys).Where(key => key.Topic == stream.Topic).OrderBy(key => key.Partition.Value);
            foreach (var key in keys)
            {
                long? read = committed is not null && committed.TryGetValue(key, out var offset) ? offset : null;
                var held = stored.GetValueOrDefault(key, StoredPartition.None);
                var error = starts.ErrorOf(key) ?? ends.ErrorOf(key) ?? (committed is null ? CoordinatorIsSilent : null);
                var judged = error is not null
                    ? PartitionAudit.InTrouble(key.Partition, error, starts.Of(key), ends.Of(key), read, held)
                    : await JudgeAsync(
                        stream,
                        new PartitionOffsets(key.Partition, starts.Of(key) ?? 0, ends.Of(key) ?? 0, read),
                        held,
                        cancellation).ConfigureAwait(false);
                partitions.Add(judged with { OtherRecordAt = others.TryGetValue(key, out var other) ? other : null });
            }
            topics.Add(new TopicAudit(stream.Name, stream.Topic, stream.TargetTable, partitions));
        }
        return new AuditReport(topics);
    }

    /// <returns>null: not known. Whoever else is asked answers, so it is one broker's silence.</returns>
    async Task<IReadOnlyDictionary<TopicPartition, long>?> CommittedAsync()
    {
        try
        {
            return await _offsets.CommittedAsync(_endpoints.Identity.Group, _partitions.All).ConfigureAwait(false);
        }
        catch (KafkaUnavailableException e) when (e.IsSilence)
        {
            return null;
        }
    }

    /// <returns>The lowest offset of each partition at which the topic holds another record than a table.</returns>
    async Task<IReadOnlyDictionary<TopicPartition, long>> FindOthersAsync(
        IReadOnlyList<StoredEnds> tables, KnownOffsets starts, CancellationToken cancellation)
    {
        var others = await StoredEnds.FindOthersAsync(_endpoints, tables, starts.Offsets, ends: null, cancellation).ConfigureAwait(false);
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
            range => _records.Value.Read(partition, range.From, range.To),
            _mostGaps);
        return offsets.Judge(stored, await search.RunAsync(offsets.Expected(stored), cancellation).ConfigureAwait(false));
    }
}
