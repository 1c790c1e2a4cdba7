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
    readonly LoadFaults _faults;
    MadeEvent? _kept;

    public EventSource(IReadOnlyList<StreamDefinition> streams, int seed, TimeProvider time)
    {
        _time = time;
        _context = new EventContext(new EventRandom(seed));
        _traffic = new ShopTraffic(streams, _context.Random);
        _writers = [.. streams.Select(stream => new EventWriter(stream))];
        _faults = new LoadFaults(streams, seed);
    }

    /// <summary>How much of what comes next is bad on purpose.</summary>
    public EventShares Shares { get; set; } = EventShares.None;

    /// <summary>Makes the next event and produces it.</summary>
    /// <returns>False when the producer has no room; the event is kept and comes first the next time.</returns>
    public bool TryNext(EventProducer producer)
    {
        var made = _kept ?? Next();
        var taken = producer.TryProduce(made.Stream, made.Key, made.Value, made.IsMalformed);
        _kept = taken ? null : made;
        return taken;
    }

    internal MadeEvent Next() =>
        ReferenceEquals(Shares, EventShares.None) ? Make(TimeSpan.Zero, hasHotKey: false) : _faults.Next(Shares, Make);

    MadeEvent Make(TimeSpan late, bool hasHotKey)
    {
        var stream = _traffic.Next(_context);
        _context.Now = _time.GetUtcNow() - late;
        _context.HasHotKey = hasHotKey;
        var (value, key) = _writers[stream].Write(_line, _context);
        return new MadeEvent(stream, Text(_line.Written[key]), _line.Written[value].ToArray(), IsMalformed: false);
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
