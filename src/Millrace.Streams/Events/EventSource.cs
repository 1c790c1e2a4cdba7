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
    readonly ReusedArrays _keys = new();
    readonly ReusedArrays _values = new();
    MadeEvent? _kept;
    DateTimeOffset? _due;

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

    /// <inheritdoc cref="EmitterRate.HasWrongClocks"/>
    public bool HasWrongClocks { get; set; }

    /// <summary>Makes the next event and produces it.</summary>
    /// <param name="due">The time that event and record carry; null for now, and for when librdkafka gets the record.</param>
    /// <returns>False when the producer has no room; the event is kept and comes first the next time.</returns>
    public bool TryNext(EventProducer producer, DateTimeOffset? due = null)
    {
        // One that was kept was not made, so that it is the same one that is due.
        _due = due;
        var made = _kept ?? NextInReusedArrays();
        var taken = producer.TryProduce(made.Stream, made.Key, made.Value, made.IsMalformed, HasWrongClocks ? WrongTime() : due);
        _kept = taken ? null : made;
        return taken;
    }

    /// <summary>The next event; its arrays are good until the one after it is made.</summary>
    internal MadeEvent NextInReusedArrays() =>
        HasShares ? _faults.Next(Shares, Make) : Make(TimeSpan.Zero, hasHotKey: false, _keys, _values);

    /// <summary>The next event, in arrays of its own.</summary>
    /// <param name="due">As of <see cref="TryNext"/>.</param>
    internal MadeEvent Next(DateTimeOffset? due = null)
    {
        _due = due;
        return HasShares ? _faults.Next(Shares, Make) : Make(TimeSpan.Zero, hasHotKey: false);
    }

    bool HasShares => !ReferenceEquals(Shares, EventShares.None);

    /// <summary>A third each: ahead, back, and right. By numbers of their own, as the events are the same at any time.</summary>
    DateTimeOffset WrongTime() => _time.GetUtcNow() + (Random.Shared.Next(3) switch
    {
        0 => EmitterRate.FurthestAhead * Random.Shared.NextDouble(),
        1 => EmitterRate.FurthestBack * -Random.Shared.NextDouble(),
        _ => TimeSpan.Zero,
    });

    MadeEvent Make(TimeSpan late, bool hasHotKey) => Make(late, hasHotKey, null, null);

    /// <param name="keys">Where the key is written; null for an array of its own.</param>
    /// <param name="values">As <paramref name="keys"/>, the event.</param>
    MadeEvent Make(TimeSpan late, bool hasHotKey, ReusedArrays? keys, ReusedArrays? values)
    {
        var stream = _traffic.Next(_context);
        _context.Now = (_due ?? _time.GetUtcNow()) - late;
        _context.HasHotKey = hasHotKey;
        var (value, key) = _writers[stream].Write(_line, _context);
        return new MadeEvent(stream, In(keys, Text(_line.Written[key])), In(values, _line.Written[value]), IsMalformed: false);
    }

    static byte[] In(ReusedArrays? arrays, ReadOnlySpan<byte> bytes) => arrays?.Filled(bytes) ?? bytes.ToArray();

    /// <summary>What a JSON value says, as UTF-8: a text without quotes and escapes, anything else as it is written.</summary>
    static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> json)
    {
        if (json[0] != (byte)'"') return json;
        if (!json.Contains((byte)'\\')) return json[1..^1];
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return Encoding.UTF8.GetBytes(reader.GetString()!);
    }
}
