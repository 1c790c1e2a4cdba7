using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Samples;

/// <summary>Sends samples to topics that are empty, each to its partition and offset.</summary>
static class SampleSender
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Between two looks whether somebody wants it to stop.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="samples">Of each partition in the order of their offsets.</param>
    /// <exception cref="KafkaUnavailableException">Kafka did not take one.</exception>
    public static async Task RunAsync(StandEndpoints endpoints, IReadOnlyList<SampleRecord> samples, CancellationToken cancellation)
    {
        var config = new ProducerConfig(KafkaClientProperties.For(endpoints))
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 5,
            // The broker's word counts.
            MessageMaxBytes = 2 * SampleRecord.MostBytes,
        };
        using var producer = KafkaPropertyException.Guard(new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, _) => { }).Build);
        await Task.Run(() => Send(endpoints, producer, samples, cancellation), cancellation).ConfigureAwait(false);
    }

    static void Send(
        StandEndpoints endpoints, IProducer<byte[]?, byte[]?> producer, IReadOnlyList<SampleRecord> samples, CancellationToken cancellation)
    {
        (SampleRecord Sample, Error Error)? failed = null;
        foreach (var partition in samples.GroupBy(sample => new TopicPartition(sample.Stream.Topic, sample.Partition)))
        {
            var next = 0L;
            foreach (var sample in partition)
            {
                for (; next < sample.Offset; next++) Produce(partition.Key, new() { Value = null }, sample);
                Produce(partition.Key, RecordOf(sample), sample);
                next++;
            }
        }
        var left = Flush(producer, cancellation);
        if (failed is { } refused) throw Refused(refused.Sample, refused.Error.Reason);
        if (left > 0) throw KafkaUnavailableException.NoAnswer(endpoints.Kafka, Limit);

        void Produce(TopicPartition partition, Message<byte[]?, byte[]?> record, SampleRecord sample)
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                if (failed is { } refused) throw Refused(refused.Sample, refused.Error.Reason);
                try
                {
                    producer.Produce(partition, record, report => failed ??= report.Error.IsError ? (sample, report.Error) : null);
                    return;
                }
                catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
                {
                    producer.Poll(Pause);
                }
            }
        }

        KafkaUnavailableException Refused(SampleRecord sample, string why) =>
            KafkaUnavailableException.Refused(
                endpoints.Kafka, string.Create(CultureInfo.InvariantCulture, $"the record of {sample.File}, line {sample.Line}"), why);
    }

    /// <returns>How many were not acknowledged in time.</returns>
    static int Flush(IProducer<byte[]?, byte[]?> producer, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        int left;
        while ((left = producer.Flush(Pause)) > 0 && Stopwatch.GetElapsedTime(started) < Limit) cancellation.ThrowIfCancellationRequested();
        return left;
    }

    static Message<byte[]?, byte[]?> RecordOf(SampleRecord sample)
    {
        var record = new Message<byte[]?, byte[]?> { Key = sample.Key, Value = sample.Value, Headers = [] };
        foreach (var (name, value) in sample.Headers) record.Headers.Add(name, value);
        if (sample.Time is { } time) record.Timestamp = new Timestamp(time);
        return record;
    }
}
