using System.Diagnostics.Metrics;
using Millrace.Testing;

namespace Millrace.Meters.Tests;

public sealed class MeterCollectorTests : IDisposable
{
    // Instruments are the process's: each test has a meter of its own.
    readonly Meter _meter = new($"Millrace.Test.{Guid.NewGuid():N}");
    readonly FakeClock _clock = new();
    readonly MeterCollector _collector;

    public MeterCollectorTests() => _collector = new MeterCollector(_clock);

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void A_counter_is_added_up_for_each_set_of_tags()
    {
        var bytes = _meter.CreateCounter<long>("test.io", "By", "Bytes.");
        bytes.Add(1, new KeyValuePair<string, object?>("direction", "in"));
        bytes.Add(2, new KeyValuePair<string, object?>("direction", "in"));
        bytes.Add(4, new KeyValuePair<string, object?>("direction", "out"));
        bytes.Add(8, new("direction", "out"), new("error.type", "CLOSED"));
        Assert.Equal(["in=3", "out=4", "out,CLOSED=8"], Of("test.io").Select(Text));
        Assert.All(
            Of("test.io"), reading => Assert.Equal((MeterKind.Counter, "By", "Bytes."), (reading.Kind, reading.Unit, reading.Description)));
    }

    [Fact]
    public void Tags_of_other_names_with_the_same_values_are_another_series()
    {
        var made = _meter.CreateCounter<long>("test.made");
        made.Add(1);
        made.Add(2, new KeyValuePair<string, object?>("topic", "a"));
        made.Add(4, new KeyValuePair<string, object?>("group", "a"));
        made.Add(8, new KeyValuePair<string, object?>("group", ""));
        made.Add(16, new("topic", "a"), new("group", "b"));
        made.Add(32, new("topic", "a"), new("table", "b"));
        Assert.Equal([1, 2, 4, 8, 16, 32], Of("test.made").Select(reading => reading.Value));
    }

    [Fact]
    public void What_is_no_finite_number_is_left_out()
    {
        var time = _meter.CreateHistogram<double>("test.time", "s");
        var made = _meter.CreateCounter<double>("test.made");
        foreach (var value in new[] { 1, double.NaN, double.PositiveInfinity })
        {
            time.Record(value);
            made.Add(value);
        }
        _meter.CreateObservableGauge("test.level", () => double.NaN);
        Assert.Equal([1, 1], [Of("test.time.count")[0].Value, Of("test.made")[0].Value]);
        Assert.Empty(Of("test.level"));
    }

    [Fact]
    public void An_instrument_that_throws_hides_no_other()
    {
        _meter.CreateObservableGauge("test.broken", int () => throw new InvalidOperationException("It can't be measured."));
        _meter.CreateObservableGauge("test.level", () => 7);
        Assert.Equal(7, Assert.Single(Of("test.level")).Value);
        Assert.Empty(Of("test.broken"));
    }

    [Fact]
    public void What_is_observed_is_what_was_seen_last()
    {
        var seen = 7;
        _meter.CreateObservableCounter("test.made", () => seen);
        _meter.CreateObservableGauge("test.level", () => seen / 2.0);
        var open = _meter.CreateUpDownCounter<long>("test.open");
        open.Add(3);
        open.Add(-1);
        Assert.Equal(7, Assert.Single(Of("test.made")).Value);
        seen = 9;
        Assert.Equal((MeterKind.Counter, 9), (Of("test.made")[0].Kind, Of("test.made")[0].Value));
        Assert.Equal((MeterKind.Gauge, 4.5), (Of("test.level")[0].Kind, Of("test.level")[0].Value));
        Assert.Equal((MeterKind.UpDownCounter, 2), (Of("test.open")[0].Kind, Of("test.open")[0].Value));
    }

    [Fact]
    public void Durations_are_counted_for_good_and_their_quantiles_are_those_of_the_last_minute()
    {
        var time = _meter.CreateHistogram<double>("test.time", "s");
        for (var i = 1; i <= 100; i++) time.Record(i / 1000.0);
        Assert.Equal(100, Of("test.time.count")[0].Value);
        Assert.Equal(5.05, Of("test.time.sum")[0].Value, 3);
        Assert.InRange(Of("test.time.50p")[0].Value, 0.0495, 0.0505);
        Assert.InRange(Of("test.time.99p")[0].Value, 0.098, 0.100);

        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.NotEmpty(Of("test.time.50p"));
        time.Record(2);
        Assert.InRange(Of("test.time.99p")[0].Value, 0.098, 0.101);

        for (var i = 0; i < 2; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(30));
            _ = _collector.Read();
        }
        Assert.Empty(Of("test.time.50p"));
        Assert.Equal(101, Of("test.time.count")[0].Value);
        Assert.Equal(7.05, Of("test.time.sum")[0].Value, 3);
    }

    [Fact]
    public async Task Threads_that_measure_at_once_lose_nothing()
    {
        const int threads = 4, times = 25_000;
        var made = _meter.CreateCounter<long>("test.made");
        var time = _meter.CreateHistogram<double>("test.time", "s");
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < times; i++)
            {
                made.Add(1);
                time.Record(0.001);
            }
        })));
        Assert.Equal(threads * times, Of("test.made")[0].Value);
        Assert.Equal(threads * times, Of("test.time.count")[0].Value);
        Assert.Equal(threads * times * 0.001, Of("test.time.sum")[0].Value, 3);
    }

    [Fact]
    public void The_processor_time_and_memory_of_the_process_are_there_and_meters_of_others_are_not()
    {
        using var other = new Meter("Somebody.Else");
        other.CreateCounter<long>("test.other").Add(1);
        Assert.Empty(Of("test.other"));
        Assert.Equal(["system", "user"], Of("dotnet.process.cpu.time").Select(reading => reading.Tags!["cpu.mode"]).Order());
        Assert.True(Of("dotnet.process.memory.working_set")[0].Value > 1e6);
    }

    List<MeterReading> Of(string name) => [.. _collector.Read().Where(reading => reading.Name == name).OrderBy(reading => reading.Value)];

    static string Text(MeterReading reading) => $"{string.Join(',', reading.Tags!.Values)}={reading.Value}";
}
