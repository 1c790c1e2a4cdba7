using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Millrace.Streams.Acknowledgements;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Events;

/// <summary>
/// Makes the shop's events and produces them at the rate that is asked for until it is stopped.
/// Owns its producer; one run, one instance.
/// </summary>
public sealed class Emitter
{
    /// <summary>How long a stopping emitter waits for the acknowledgements that are still out.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    readonly EventProducer _producer;
    readonly EventSource _source;
    readonly EmitterRate _rate;
    readonly ReportClock _reports;
    readonly Action<EmitterReport> _eachSecond;
    readonly TimeProvider _time;
    readonly bool _isOpenLoop;
    Pacer? _pacer;
    Schedule? _schedule; // of an open loop, instead of the pacer
    WantedRate _wanted;
    long _left;
    bool _waiting;

    Emitter(
        EmitterOptions options, EmitterRate rate, EventProducer producer, EventSource source, Action<EmitterReport> eachSecond,
        TimeProvider time)
    {
        _rate = rate;
        _producer = producer;
        _source = source;
        _eachSecond = eachSecond;
        _time = time;
        _isOpenLoop = options.OpenLoop;
        _reports = new ReportClock(time);
        Follow(rate.Wanted);
        _left = options.Events ?? long.MaxValue;
    }

    /// <summary>
    /// Runs until <paramref name="stop"/> or until <see cref="EmitterOptions.Events"/> are acknowledged,
    /// then waits for what is still in flight, at most <see cref="StopLimit"/>.
    /// </summary>
    /// <param name="rate">Looked at all the time; what <paramref name="options"/> say of the rate is not.</param>
    /// <param name="acknowledged">Is told of each event that Kafka has taken; null: nobody asks.</param>
    /// <param name="eachSecond">Called once a second and at the end, on no particular thread, never by two at once.</param>
    /// <returns>The final report.</returns>
    /// <exception cref="EmitterOptionException">No stream is to be emitted.</exception>
    /// <exception cref="Kafka.KafkaPropertyException">The producer does not take a property of the profile.</exception>
    public static async Task<EmitterReport> RunAsync(
        EmitterOptions options, EmitterRate rate, StandEndpoints endpoints, StreamCatalog catalog, AcknowledgedOffsets? acknowledged,
        Action<EmitterReport> eachSecond, ILogger log, TimeProvider time, CancellationToken stop)
    {
        var streams = Emitted(catalog);
        if (streams.Count == 0)
        {
            throw new EmitterOptionException(
                "no stream has generators and a weight above 0, so there is nothing to emit; give one generate: and a weight");
        }
        var seed = options.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        using var producer = new EventProducer(
            ProducerProperties.For(endpoints, options, tellsTimes: acknowledged is not null), streams.Select(stream => stream.Topic),
            acknowledged, log);
        EmitterTrace.Started(log, rate.Wanted, endpoints.Kafka, options.Acks.ToString(), seed);
        if (rate.Shares != EventShares.None) EmitterTrace.BadOnPurpose(log, rate.Shares);
        if (options.Acks != Confluent.Kafka.Acks.All) EmitterTrace.CanLose(log, options.Acks.ToString());
        return await new Emitter(options, rate, producer, new EventSource(streams, seed, time), eachSecond, time).RunAsync(stop);
    }

    /// <summary>Whether any stream has a weight above 0.</summary>
    public static bool HasWork(StreamCatalog catalog) => Emitted(catalog).Count > 0;

    /// <summary>The streams with a weight above 0, each after the nearest one of them that it comes after, or after none.</summary>
    internal static IReadOnlyList<StreamDefinition> Emitted(StreamCatalog catalog)
    {
        var byName = catalog.Streams.ToDictionary(stream => stream.Name);
        return [.. catalog.Streams.Where(stream => stream.Weight > 0).Select(stream => stream with { After = Nearest(stream.After) })];

        string? Nearest(string? after)
        {
            while (after is not null && byName[after].Weight == 0) after = byName[after].After;
            return after;
        }
    }

    async Task<EmitterReport> RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && (_left > 0 || _producer.InFlight > 0))
        {
            if (!ReferenceEquals(_rate.Wanted, _wanted)) Follow(_rate.Wanted);
            _source.Shares = _rate.Shares;
            _source.HasWrongClocks = _rate.HasWrongClocks;
            Emit(Math.Min(_left, Math.Min(Due, _producer.Room)));
            if (_reports.IsDue) Report(isFinal: false);
            _producer.Attend();
            await Task.Delay(Pacer.Slice, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.Run(() => _producer.Flush(StopLimit), CancellationToken.None);
        return Report(isFinal: true);
    }

    /// <summary>An open loop has a schedule where the rate is constant; all else has a pacer, or takes what Kafka takes.</summary>
    [MemberNotNull(nameof(_wanted))]
    void Follow(WantedRate wanted)
    {
        _wanted = wanted;
        var isScheduled = _isOpenLoop && wanted is { Profile: null, PerSecond: > 0 };
        _schedule = isScheduled ? new Schedule(wanted.PerSecond, _time) : null;
        _pacer = isScheduled ? null : wanted.Pace(_time);
    }

    long Due => _schedule?.Due ?? _pacer?.Due() ?? int.MaxValue;

    void Emit(long count)
    {
        var made = 0;
        while (made < count && _source.TryNext(_producer, _schedule?.Next))
        {
            made++;
            _schedule?.Made();
        }
        _waiting = _left > 0 && _producer.Room <= 0;
        _left -= made;
        _pacer?.Made(made);
    }

    EmitterReport Report(bool isFinal)
    {
        var target = _schedule is null ? (int)Math.Round(_pacer?.PerSecond ?? 0) : _wanted.PerSecond;
        var report = _reports.Make(target, _producer.Report(), _waiting, isFinal, _producer.LastError) with
        {
            RateProfile = _wanted.Profile?.Text,
            Shares = _source.Shares,
        };
        _eachSecond(report);
        return report;
    }
}
