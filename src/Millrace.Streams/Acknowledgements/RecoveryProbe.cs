using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Acknowledgements;

/// <summary>
/// Sees whether records flow into the tables again. A server that gives no answer is one through which nothing flows yet. One call at a
/// time.
/// </summary>
public sealed class RecoveryProbe : IDisposable
{
    /// <summary>A server that is away is asked again rather than waited for.</summary>
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);

    readonly StandEndpoints _endpoints;
    readonly StreamCatalog _catalog;
    readonly KafkaAdmin _kafka;
    readonly ClickHouseClient _client;

    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public RecoveryProbe(StandEndpoints endpoints, StreamCatalog catalog)
    {
        (_endpoints, _catalog) = (endpoints, catalog);
        _kafka = new KafkaAdmin(endpoints, AnswerLimit);
        _client = new ClickHouseClient(endpoints);
    }

    /// <summary>
    /// Whether any target table has a row of a record at one of these offsets or behind it. Offsets, as timestamps are what a producer's
    /// clock says.
    /// </summary>
    /// <param name="from">Inclusive; empty for none.</param>
    public async Task<bool> HasRowFromAsync(IReadOnlyDictionary<TopicPartition, long> from, CancellationToken cancellation)
    {
        if (from.Count == 0) return false;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(AnswerLimit);
        try
        {
            var rows = await _client.QueryAsync<Furthest>(FurthestSql(from), cancellation: late.Token).ConfigureAwait(false);
            return rows.Any(row => from.TryGetValue(new TopicPartition(row.Topic, row.Partition), out var least) && row.Offset >= least);
        }
        catch (Exception e) when (e is ClickHouseUnavailableException or ClickHouseException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Whether ClickHouse has read, and committed, all that was acknowledged.</summary>
    public async Task<bool> HasReadAsync(IReadOnlyList<AcknowledgedPartition> acknowledged)
    {
        try
        {
            TopicPartition[] partitions = [.. acknowledged.Select(partition => partition.Partition)];
            var committed = await _kafka.Offsets.CommittedAsync(_endpoints.Identity.Group, partitions).ConfigureAwait(false);
            return acknowledged.All(partition => committed.TryGetValue(partition.Partition, out var next) && next >= partition.End);
        }
        catch (KafkaUnavailableException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _kafka.Dispose();
        _client.Dispose();
    }

    /// <summary>
    /// The last offset of each partition: ClickHouse answers it from the projection that its filter asks (decision 0010).
    /// </summary>
    string FurthestSql(IReadOnlyDictionary<TopicPartition, long> from)
    {
        var topics = from.Keys.Select(partition => partition.Topic).ToHashSet();
        return string.Join(" UNION ALL ", _catalog.Streams.Where(stream => topics.Contains(stream.Topic)).Select(stream =>
            $"""
            SELECT kafka_topic AS topic, toInt32(kafka_partition) AS partition, toInt64(max(kafka_offset)) AS offset
            FROM {stream.TargetTable} WHERE kafka_topic = '{stream.Topic}' GROUP BY kafka_topic, kafka_partition
            """));
    }

    sealed record Furthest(string Topic, int Partition, long Offset);
}
