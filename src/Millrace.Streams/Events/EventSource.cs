using System.Text;
using System.Text.Json;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Events;

/// <summary>Makes one event after another, each as the bytes of a record. One seed, one sequence. For one thread.</summary>
sealed class EventSource
{
    readonly TimeProvider _time;
    readonly EventContext _context;
    readonly ShopTraffic _traffic;
    readonly EventWriter[] _writers;
    readonly JsonLine _line = new();
    (int Stream, byte[] Key, byte[] Value)? _kept;

    public EventSource(IReadOnlyList<StreamDefinition> streams, int seed, TimeProvider time)
    {
        _time = time;
        _context = new EventContext(new EventRandom(seed));
        _traffic = new ShopTraffic(streams, _context.Random);
        _writers = [.. streams.Select(stream => new EventWriter(stream))];
    }

    /// <summary>Makes the next event and produces it.</summary>
    /// <param name="due">The time that event and record carry; null for now, and for when librdkafka gets the record.</param>
    /// <returns>False when the producer has no room; the event is kept and comes first the next time.</returns>
    public bool TryNext(EventProducer producer, DateTimeOffset? due = null)
    {
        // One that was kept was not made, so that it is the same one that is due.
        var (stream, key, value) = _kept ?? Next(due);
        var taken = producer.TryProduce(stream, key, value, due);
        _kept = taken ? null : (stream, key, value);
        return taken;
    }

    internal (int Stream, byte[] Key, byte[] Value) Next(DateTimeOffset? due = null)
    {
        var stream = _traffic.Next(_context);
        _context.Now = due ?? _time.GetUtcNow();
        var (value, key) = _writers[stream].Write(_line, _context);
        return (stream, Text(_line.Written[key]), _line.Written[value].ToArray());
    }

    /// <summary>What a JSON value says, as UTF-8: a text without quotes and escapes, anything else as it is written.</summary>
    static byte[] Text(ReadOnlySpan<byte> json)
    {
        if (json[0] != (byte)'"') return json.ToArray();
        if (!json.Contains((byte)'\\')) return json[1..^1].ToArray();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return Encoding.UTF8.GetBytes(reader.GetString()!);
    }
}
