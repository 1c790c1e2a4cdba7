namespace Millrace.Meters.Tests;

public sealed class ServiceCountersTests
{
    readonly ServiceCounters _service = new();

    [Fact]
    public void A_counter_never_falls_when_another_process_follows()
    {
        _service.Update([Counter(5, "in"), Counter(7, "out")]);
        _service.BeginProcess();
        _service.Update([Counter(1, "in"), Counter(2, "out")]);
        Assert.Equal(["in=6", "out=9"], Texts());
        _service.Update([Counter(3, "in"), Counter(4, "out")]);
        _service.BeginProcess();
        _service.Update([Counter(1, "in"), Counter(1, "out")]);
        Assert.Equal(["in=9", "out=12"], Texts());
    }

    [Fact]
    public void A_series_that_the_next_process_has_not_begun_yet_stays()
    {
        _service.Update([Counter(5, "in"), Counter(7, "out")]);
        _service.BeginProcess();
        _service.Update([Counter(1, "in")]);
        Assert.Equal(["in=6", "out=7"], Texts());
        _service.BeginProcess();
        _service.Update([Counter(2, "out")]);
        Assert.Equal(["in=6", "out=9"], Texts());
    }

    [Fact]
    public void What_is_no_counter_is_the_process_own()
    {
        MeterReading open = new("open", MeterKind.UpDownCounter, null, null, null, 3), level = open with { Kind = MeterKind.Gauge };
        _service.Update([open, level]);
        _service.BeginProcess();
        _service.Update([open with { Value = 1 }]);
        Assert.Equal(1, Assert.Single(_service.Readings).Value);
    }

    [Fact]
    public void A_process_that_has_told_of_nothing_yet_has_no_series()
    {
        _service.Update([Counter(5, "in")]);
        _service.BeginProcess();
        Assert.Empty(_service.Readings);
        _service.BeginProcess();
        _service.Update([Counter(1, "in")]);
        Assert.Equal(["in=6"], Texts());
    }

    static MeterReading Counter(double value, string direction) =>
        new("io", MeterKind.Counter, "By", null, new Dictionary<string, string> { ["direction"] = direction }, value);

    IEnumerable<string> Texts() => _service.Readings.Select(reading => $"{reading.Tags!["direction"]}={reading.Value}").Order();
}
