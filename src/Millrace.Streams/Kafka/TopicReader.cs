using System.Diagnostics;
using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Reads a bounded part of a topic for somebody who looks at it, as ClickHouse's consumer would see it: joins no group, commits nothing.
/// </summary>
public static class TopicReader
{
    static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>librdkafka's own 64 MiB are for consumers that keep up with a topic.</summary>
    const int FetchedAheadKbytes = 8 * 1024;

    /// <summary>
    /// The wanted records of a part. Whoever asks again from <see cref="TopicBatch.Next"/> on misses none and gets none twice.
    /// </summary>
    /// <exception cref="KafkaUnavailableException">Nothing came in time, or Kafka refused.</exception>
    public static Task<TopicBatch> ReadAsync(StandEndpoints endpoints, TopicPart part, ReadLimits limits, CancellationToken cancellation) =>
        Task.Run(() => Read(endpoints, part, limits, cancellation), cancellation);

    /// <returns>null where the offset holds no record.</returns>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<TopicRecord?> ReadOneAsync(
        StandEndpoints endpoints, string topic, int partition, long offset, CancellationToken cancellation)
    {
        var part = new TopicPart(topic, new Dictionary<int, long> { [partition] = offset });
        var limits = new ReadLimits { Records = 1, Looked = 1, Value = int.MaxValue };
        var batch = await ReadAsync(endpoints, part, limits, cancellation).ConfigureAwait(false);
        return batch.Records.FirstOrDefault(record => record.Offset == offset);
    }

    static TopicBatch Read(StandEndpoints endpoints, TopicPart part, ReadLimits limits, CancellationToken cancellation)
    {
        var reading = new TopicReading(part, limits);
        if (reading.IsDone) return reading.ToBatch();
        var trouble = new ClientTrouble();
        var properties = new ConsumerConfig
        {
            AutoOffsetReset = AutoOffsetReset.Earliest,
            QueuedMinMessages = 1000,
            QueuedMaxMessagesKbytes = FetchedAheadKbytes,
        };
        var builder = RecordClient.For<byte[]?, byte[]?>(endpoints, endpoints.Identity.Group, trouble, properties);
        using var consumer = KafkaPropertyException.Guard(builder.Build);
        consumer.Assign(part.From.Select(place => new TopicPartitionOffset(part.Topic, place.Key, place.Value)));
        var started = Stopwatch.GetTimestamp();
        while (!reading.IsDone && Stopwatch.GetElapsedTime(started) < limits.Time)
        {
            cancellation.ThrowIfCancellationRequested();
            if (RecordClient.Poll(consumer, PollLimit, part.Topic, endpoints.Kafka) is not { } result || reading.Take(result)) continue;
            // The others would wait behind what it has beyond the part.
            consumer.Pause([result.TopicPartition]);
        }
        return reading.IsSilent ? throw trouble.ToException(endpoints.Kafka, limits.Time) : reading.ToBatch();
    }
}

/// <summary>What a <see cref="TopicReader"/> is to read. Immutable.</summary>
/// <param name="From">Inclusive, by partition; one that retention has passed over begins at the log start.</param>
public sealed record TopicPart(string Topic, IReadOnlyDictionary<int, long> From)
{
    /// <summary>Exclusive, by partition; a partition that is not in it is read to its end.</summary>
    public IReadOnlyDictionary<int, long> Until { get; init; } = new Dictionary<int, long>();

    /// <summary>null: all are wanted.</summary>
    public Predicate<TopicRecord>? IsWanted { get; init; }
}

/// <summary>Where a <see cref="TopicReader"/> stops, whichever comes first. Immutable.</summary>
public sealed record ReadLimits
{
    /// <summary>Wanted ones.</summary>
    public int Records { get; init; } = int.MaxValue;

    /// <summary>Records that were looked at, wanted or not.</summary>
    public int Looked { get; init; } = int.MaxValue;

    /// <summary>Wanted ones of a partition that are kept: its last. Reading goes on past it.</summary>
    public int OfEachPartition { get; init; } = int.MaxValue;

    /// <summary>Bytes of each value that are kept.</summary>
    public int Value { get; init; } = 16 * 1024;

    public TimeSpan Time { get; init; } = KafkaClientProperties.AnswerLimit;
}
