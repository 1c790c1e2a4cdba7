using Millrace.Streams.Events;
using Millrace.Streams.Status;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Status;

public sealed class StatusFeedTests
{
    [Fact]
    public async Task A_process_that_has_just_died_kept_no_number_of_cores_busy_least_of_all_less_than_none()
    {
        var clock = new FakeClock();
        var stand = new Stand();
        var hub = new StatusHub();
        using var stopping = new CancellationTokenSource();
        var running = new StatusFeed(hub, stand, clock).RunAsync(stopping.Token);

        stand.CpuSeconds = 2.5;
        Assert.Equal(0.5, await CoresAfterASecondAsync());
        stand.CpuSeconds = 0;
        Assert.Null(await CoresAfterASecondAsync());
        await stopping.CancelAsync();
        await running;

        async Task<double?> CoresAfterASecondAsync()
        {
            var before = hub.Last!.Number;
            clock.Advance(TimeSpan.FromSeconds(1));
            await Eventually.Holds(() => hub.Last.Number > before, "the next document is there");
            return hub.Last.Services.Single().Cores;
        }
    }

    /// <summary>Before its definitions can be read: it has one service, and nothing flows.</summary>
    sealed class Stand : IStandFacts
    {
        public double CpuSeconds { get; set; } = 2;

        public object? Definitions => null;

        public IReadOnlyList<ServiceFacts> Services =>
            [new("emitter", "running", 42, DateTimeOffset.UnixEpoch, 0, null, null, 1_000_000, CpuSeconds)];

        public EmitterSummary? Emitter => null;

        public StandStatusReader Open() => throw new InvalidOperationException("there are no definitions");
    }
}
