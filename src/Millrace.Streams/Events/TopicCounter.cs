using Confluent.Kafka;
using Millrace.Streams.Acknowledgements;

namespace Millrace.Streams.Events;

/// <summary>
/// Counts one topic's events. One thread makes, gives up and reports them;
/// <see cref="Delivered"/> comes on the producer's poll thread and on one that flushes, at the same time
/// (rd_kafka_flush of librdkafka's rdkafka.c polls as well).
/// Any thread may read <see cref="Acknowledged"/> and <see cref="Failed"/>, only the one that makes the rest:
/// an event may have its outcome before it is counted as made.
/// </summary>
/// <param name="acknowledged">Is told of each event that Kafka has taken; null: nobody asks.</param>
sealed class TopicCounter(string topic, AcknowledgedOffsets? acknowledged)
{
    long _generated;
    long _acknowledged;
    long _failed;
    long _malformed;

    public string Topic => topic;

    /// <summary>Why Kafka last refused an event of this topic.</summary>
    public string? LastError { get; private set; }

    public long InFlight => _generated - Acknowledged - Failed;

    public long Acknowledged => Volatile.Read(ref _acknowledged);

    public long Failed => Volatile.Read(ref _failed);

    public void Generated() => _generated++;

    /// <summary>Made, but not even sent.</summary>
    public void Refused(string why)
    {
        LastError = why;
        Generated();
        Interlocked.Increment(ref _failed);
    }

    public void Delivered(DeliveryReport<byte[]?, byte[]> report)
    {
        if (report.Error.IsError)
        {
            LastError = report.Error.Reason;
            Interlocked.Increment(ref _failed);
            return;
        }
        acknowledged?.Add(topic, report.Partition.Value, report.Offset.Value, report.Timestamp.UnixTimestampMs);
        Interlocked.Increment(ref _acknowledged);
    }

    /// <summary>As <see cref="Delivered"/>, of an event that is malformed on purpose.</summary>
    public void DeliveredMalformed(DeliveryReport<byte[]?, byte[]> report)
    {
        if (!report.Error.IsError) Interlocked.Increment(ref _malformed);
        Delivered(report);
    }

    /// <summary>To be called when the producer is gone and nobody will report on what is in flight any more.</summary>
    public void GiveUp(string why)
    {
        if (InFlight == 0) return;
        LastError = why;
        Interlocked.Add(ref _failed, InFlight);
    }

    public TopicReport Report() => new(topic, _generated, Acknowledged, Failed) { Malformed = Volatile.Read(ref _malformed) };
}
