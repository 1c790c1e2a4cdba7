using System.Globalization;
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

    /// <summary>Whether any target table has a row of a record that was made after <paramref name="moment"/>.</summary>
    public async Task<bool> HasRowSinceAsync(DateTimeOffset moment, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(AnswerLimit);
        try
        {
            var rows = await _client.QueryAsync<Newest>(NewestSql(moment), cancellation: late.Token).ConfigureAwait(false);
            return rows.Any(row => row.Milliseconds > moment.ToUnixTimeMilliseconds());
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

    /// <summary>Looks only into parts that were written since, merges among them: the others may be large.</summary>
    string NewestSql(DateTimeOffset moment)
    {
        var since = moment.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return string.Join(" UNION ALL ", _catalog.Streams.Select(stream =>
            $"""
            SELECT toUnixTimestamp64Milli(max(kafka_timestamp)) AS milliseconds FROM {stream.TargetTable} WHERE _part IN (
                SELECT name FROM system.parts
                WHERE database = currentDatabase() AND table = '{stream.TargetTable}' AND active AND modification_time >= {since})
            """));
    }

    sealed record Newest(long Milliseconds);
}
