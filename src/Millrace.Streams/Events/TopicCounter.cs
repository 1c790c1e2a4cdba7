using Confluent.Kafka;

namespace Millrace.Streams.Events;

/// <summary>Counts one topic's events. <see cref="Generated"/> and <see cref="Refused"/> belong to the thread that makes them, the rest to the producer's poll thread; any thread may read.</summary>
sealed class TopicCounter(string topic)
{
    long _generated;
    long _acknowledged;
    long _failed;

    public string Topic => topic;

    /// <summary>Why Kafka last refused an event of this topic.</summary>
    public string? LastError { get; private set; }

    public long InFlight => Volatile.Read(ref _generated) - Volatile.Read(ref _acknowledged) - Volatile.Read(ref _failed);

    public long Acknowledged => Volatile.Read(ref _acknowledged);

    public void Generated() => Volatile.Write(ref _generated, _generated + 1);

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
        }
        else Volatile.Write(ref _acknowledged, _acknowledged + 1);
    }

    /// <summary>Nobody will report on what is in flight any more: the producer is gone.</summary>
    public void GiveUp(string why)
    {
        if (InFlight == 0) return;
        LastError = why;
        Volatile.Write(ref _failed, _failed + InFlight);
    }

    public TopicReport Report()
    {
        // Outcomes first: read the other way round, an event made in between could be acknowledged without having been generated.
        var (acknowledged, failed) = (Acknowledged, Volatile.Read(ref _failed));
        return new TopicReport(topic, Volatile.Read(ref _generated), acknowledged, failed);
    }
}
