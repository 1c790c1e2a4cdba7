using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Millrace.Streams.Acknowledgements;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Events;

/// <summary>Hands events to Kafka and counts what became of each. Used by one thread; deliveries are counted on librdkafka's.</summary>
sealed class EventProducer : IDisposable
{
    /// <summary>Events made but not acknowledged: beyond it the emitter waits. About 60 MB of events at their usual size.</summary>
    public const int MaxInFlight = 100_000;

    readonly ProducerConfig _properties;
    readonly ILogger _log;
    readonly TopicCounter[] _counters;
    readonly EmitterMeters _meters;
    readonly Action<DeliveryReport<byte[]?, byte[]>>[] _delivered;
    readonly Action<DeliveryReport<byte[]?, byte[]>>[] _deliveredMalformed;
    IProducer<byte[]?, byte[]> _producer;
    volatile Error? _fatal;
    volatile bool _away;
    long _acknowledgedWhenLost;

    /// <param name="acknowledged">Is told of each event that Kafka has taken; null: nobody asks.</param>
    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public EventProducer(ProducerConfig properties, IEnumerable<string> topics, AcknowledgedOffsets? acknowledged, ILogger log)
    {
        _properties = properties;
        _log = log;
        _counters = [.. topics.Select(topic => new TopicCounter(topic, acknowledged))];
        _delivered = [.. _counters.Select(counter => (Action<DeliveryReport<byte[]?, byte[]>>)counter.Delivered)];
        _deliveredMalformed = [.. _counters.Select(counter => (Action<DeliveryReport<byte[]?, byte[]>>)counter.DeliveredMalformed)];
        _producer = Build();
        _meters = new EmitterMeters(_counters);
    }

    public int Room => MaxInFlight - (int)InFlight;

    public long InFlight => _counters.Sum(counter => counter.InFlight);

    public string? LastError => _counters.Select(counter => counter.LastError).LastOrDefault(error => error is not null);

    /// <param name="isMalformed">On purpose: it is counted as such once it is acknowledged.</param>
    /// <param name="due">The record's timestamp; null for when librdkafka gets it.</param>
    /// <returns>False when librdkafka's queue is full: try again later.</returns>
    public bool TryProduce(int topic, byte[]? key, byte[] value, bool isMalformed = false, DateTimeOffset? due = null)
    {
        var delivered = isMalformed ? _deliveredMalformed : _delivered;
        try
        {
            var record = new Message<byte[]?, byte[]> { Key = key, Value = value };
            if (due is { } time) record.Timestamp = new Timestamp(time);
            _producer.Produce(_counters[topic].Topic, record, delivered[topic]);
        }
        catch (ProduceException<byte[]?, byte[]> e) when (e.Error.Code is ErrorCode.Local_QueueFull or ErrorCode.Local_Fatal)
        {
            return false;
        }
        catch (ProduceException<byte[]?, byte[]> e)
        {
            // librdkafka knows that it is in vain, as with a topic that was deleted long ago or a record that is too large:
            // there will be no delivery report.
            _counters[topic].Refused(e.Error.Reason);
            return true;
        }
        _counters[topic].Generated();
        return true;
    }

    public IReadOnlyList<TopicReport> Report() => [.. _counters.Select(counter => counter.Report())];

    /// <summary>Looks after what went wrong meanwhile; to be called now and then.</summary>
    public void Attend()
    {
        if (_away && _counters.Sum(counter => counter.Acknowledged) > Volatile.Read(ref _acknowledgedWhenLost))
        {
            _away = false;
            EmitterTrace.KafkaIsBack(_log, _properties.BootstrapServers, InFlight);
        }
        if (_fatal is { } fatal) Replace(fatal);
    }

    /// <summary>Waits until every event is acknowledged or failed, at most <paramref name="limit"/>.</summary>
    public void Flush(TimeSpan limit) => _producer.Flush(limit);

    public void Dispose()
    {
        _meters.Dispose();
        _producer.Dispose();
    }

    IProducer<byte[]?, byte[]> Build()
    {
        var builder = new ProducerBuilder<byte[]?, byte[]>(_properties)
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, message) => EmitterTrace.Librdkafka(_log, message.Facility, message.Message));
        return KafkaPropertyException.Guard(builder.Build);
    }

    void OnError(Error error)
    {
        if (error.IsFatal) _fatal = error;
        if (error.Code != ErrorCode.Local_AllBrokersDown || _away) return;
        Volatile.Write(ref _acknowledgedWhenLost, _counters.Sum(counter => counter.Acknowledged));
        _away = true;
        EmitterTrace.KafkaIsAway(_log, _properties.BootstrapServers, MaxInFlight);
    }

    /// <summary>
    /// An idempotent producer that lost count of its sequence numbers refuses everything from then on:
    /// only a new one, with a new producer id, goes on.
    /// </summary>
    void Replace(Error fatal)
    {
        EmitterTrace.ProducerReplaced(_log, fatal.Reason, InFlight);
        _producer.Flush(Emitter.StopLimit);
        _producer.Dispose();
        foreach (var counter in _counters) counter.GiveUp(fatal.Reason);
        _fatal = null;
        _producer = Build();
    }
}
