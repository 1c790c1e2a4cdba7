using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Status;

/// <summary>
/// Looks now and then whether the topics are still those whose rows are stored: a consumer may go on in the midst of a topic that was made
/// anew, where no view sees it (docs/decisions/0010-topics-made-anew.md). One look at a time.
/// </summary>
sealed class OriginWatch(
    StandEndpoints endpoints, KafkaAdmin kafka, ClickHouseClient client, StreamCatalog catalog, TimeProvider time)
{
    /// <summary>A look costs a query and, of each partition, two records.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    static readonly IReadOnlyDictionary<string, string> NoTrouble = new Dictionary<string, string>();

    IReadOnlyDictionary<string, string> _found = NoTrouble;
    long? _lookedAt; // a timestamp of the clock

    /// <returns>
    /// By topic, in one sentence with the way out;
    /// what was found last while it is not yet time to look again, or nobody answers.
    /// </returns>
    public async Task<IReadOnlyDictionary<string, string>> LookAsync(CancellationToken cancellation)
    {
        if (_lookedAt is { } last && time.GetElapsedTime(last) < Pause) return _found;
        _lookedAt = time.GetTimestamp();
        try
        {
            _found = await CompareAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KafkaUnavailableException or ClickHouseTroubleException)
        {
            // Why it does not answer is said by who asks it each second.
        }
        return _found;
    }

    async Task<IReadOnlyDictionary<string, string>> CompareAsync(CancellationToken cancellation)
    {
        var stored = await StoredEnds.ReadAsync(client, catalog.Streams, _ => true, cancellation).ConfigureAwait(false);
        if (stored.Count == 0) return NoTrouble;
        var partitions = await kafka.StatesOfAsync([.. stored.Select(table => table.Topic).Distinct()], cancellation).ConfigureAwait(false);
        var (starts, ends) = await kafka.Offsets.FindBoundsAsync(partitions).ConfigureAwait(false);
        var others = await StoredEnds.FindOthersAsync(endpoints, stored, starts.Offsets, ends.Offsets, cancellation).ConfigureAwait(false);
        return others.GroupBy(other => other.Stored.Topic)
            .ToDictionary(topic => topic.Key, topic => StoredOffsets.MadeAnew(topic.First().Stored.TableName, topic.Key));
    }
}
