using Confluent.Kafka;
using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Setup;

/// <summary>
/// Finds a topic that is not the one whose rows are stored, or that lost its end: the exactly-once filter would take its records for stored
/// ones and drop them.
/// </summary>
sealed class RecreatedTopicCheck(
    ClickHouseClient client, KafkaQuestions kafka, StandEndpoints endpoints, IReadOnlyCollection<StreamDefinition> streams)
{
    readonly OffsetReader _offsets = new(kafka);

    /// <summary>Asks of one stream, whose topic may have any number of partitions.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public static async Task RequireSameAsync(
        ClickHouseClient client, KafkaQuestions kafka, StandEndpoints endpoints, StreamDefinition stream, DatabaseState state,
        CancellationToken cancellation)
    {
        var partitions = await kafka.AskPartitionsAsync([stream.Topic], cancellation).ConfigureAwait(false);
        var ends = await new OffsetReader(kafka).LogEndsAsync(partitions).ConfigureAwait(false);
        await new RecreatedTopicCheck(client, kafka, endpoints, [stream]).RunAsync(state, ends, cancellation).ConfigureAwait(false);
    }

    /// <param name="state">The database before anything of this setup was applied.</param>
    /// <param name="logEnds">The end, exclusive, of every partition that exists. They may be older than what is read here of ClickHouse:
    /// what a stand that runs meanwhile has stored beyond them is looked at again.</param>
    /// <exception cref="TopicRecreatedException">A table holds a record that the topic does not.</exception>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    public async Task RunAsync(
        DatabaseState state, IReadOnlyDictionary<TopicPartition, long> logEnds, CancellationToken cancellation)
    {
        var stored = await StoredEnds
            .ReadAsync(client, streams, table => state.Find(table) is not null, cancellation).ConfigureAwait(false);
        if (stored.Count == 0) return;
        // What was stored before they are read again lies below them.
        var ends = stored.Any(table => IsBeyond(table, logEnds))
            ? await _offsets.LogEndsAsync([.. logEnds.Keys]).ConfigureAwait(false)
            : logEnds;
        if (stored.FirstOrDefault(table => IsBeyond(table, ends)) is { } beyond)
        {
            throw TopicRecreatedException.EndsBefore(
                beyond.Topic, beyond.Partition, EndOf(beyond, ends), beyond.TableName, beyond.LastOffset);
        }
        var partitions = stored.Select(table => new TopicPartition(table.Topic, table.Partition)).Distinct();
        var starts = await _offsets.LogStartsAsync([.. partitions]).ConfigureAwait(false);
        var others = await StoredEnds.FindOthersAsync(endpoints, stored, starts, ends, cancellation).ConfigureAwait(false);
        if (others.Count == 0) return;
        var (other, offset) = others
            .OrderBy(found => found.Stored.Topic, StringComparer.Ordinal)
            .ThenBy(found => found.Stored.Partition)
            .ThenBy(found => found.Offset)
            .First();
        throw TopicRecreatedException.HoldsAnother(other.Topic, other.Partition, other.TableName, offset);
    }

    static bool IsBeyond(StoredEnds stored, IReadOnlyDictionary<TopicPartition, long> ends) => stored.LastOffset >= EndOf(stored, ends);

    static long EndOf(StoredEnds stored, IReadOnlyDictionary<TopicPartition, long> ends) =>
        ends.GetValueOrDefault(new TopicPartition(stored.Topic, stored.Partition), 0);
}
