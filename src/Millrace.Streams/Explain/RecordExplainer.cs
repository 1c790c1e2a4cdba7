using System.Globalization;
using System.Text.Json;
using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Explain;

/// <summary>Finds out what became of one record. Reads only.</summary>
public static class RecordExplainer
{
    /// <summary>The committed offset is read before the tables: what was committed by then must be in them.</summary>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused: the tables are not set up.</exception>
    /// <returns>null where the topic has no such partition.</returns>
    public static async Task<RecordExplanation?> RunAsync(
        StandEndpoints endpoints, StreamDefinition stream, int partition, long offset, CancellationToken cancellation)
    {
        using var kafka = new KafkaAdmin(endpoints);
        using var client = new ClickHouseClient(endpoints);
        var place = new TopicPartitionOffset(stream.Topic, partition, offset);
        var states = await kafka.StatesOfAsync([stream.Topic], cancellation).ConfigureAwait(false);
        if (!states.All.Contains(place.TopicPartition)) return null;
        var committed = await kafka.Offsets.CommittedAsync(endpoints.Identity.Group, [place.TopicPartition]).ConfigureAwait(false);
        var rows = await StoredAsync(client, stream.TargetTable, place, cancellation).ConfigureAwait(false);
        var letters = await StoredAsync(client, stream.DeadLetterTable, place, cancellation).ConfigureAwait(false);
        var (starts, ends) = await kafka.Offsets.FindBoundsAsync(states).ConfigureAwait(false);
        var (start, end) = (starts.Of(place.TopicPartition), ends.Of(place.TopicPartition));
        var message = offset >= start && offset < end
            ? await Task.Run(() => RecordFinder.Find(endpoints, place), cancellation).ConfigureAwait(false)
            : null;
        var columns = message is { Value.Length: > 0 }
            ? await ColumnVerdicts.ReadAsync(client, stream, place, message, cancellation).ConfigureAwait(false)
            : [];
        long? read = committed.TryGetValue(place.TopicPartition, out var next) ? next : null;
        var facts = new RecordFacts(stream, offset, start, end, read, message, rows, letters);
        var (verdict, sentence) = facts.Judge();
        var record = message is null ? null : RecordText.Of(message);
        return new RecordExplanation(
            stream.Topic, partition, offset, stream.Name, verdict, sentence,
            start, end, read, record, columns, rows, letters);
    }

    static Task<IReadOnlyList<JsonElement>> StoredAsync(
        ClickHouseClient client, string table, TopicPartitionOffset place, CancellationToken cancellation) =>
        client.QueryAsync<JsonElement>(
            string.Create(CultureInfo.InvariantCulture,
                $"SELECT *, toUnixTimestamp64Milli(kafka_timestamp) AS {RecordFacts.Stamp} FROM {table} "
                    + $"WHERE kafka_topic = '{place.Topic}' AND kafka_partition = {place.Partition.Value} "
                    + $"AND kafka_offset = {place.Offset.Value}"),
            cancellation: cancellation);
}
