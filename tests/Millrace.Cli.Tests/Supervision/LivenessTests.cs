using Millrace.Cli.Supervision;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Supervision;

public sealed class LivenessTests
{
    [Fact]
    public async Task A_process_that_never_answers_hangs_and_one_that_answers_now_and_then_does_not()
    {
        var dead = new Answers(_ => false);
        Assert.True(await Liveness.HangsAsync(dead, new QuickTime(), CancellationToken.None).WaitAsync(Eventually.DefaultLimit));
        using var ended = new CancellationTokenSource();
        var slow = new Answers(attempt => attempt % 8 == 0);
        var watched = Liveness.HangsAsync(slow, new QuickTime(), ended.Token);
        await Eventually.Holds(() => slow.Attempts > 50, "it is asked again and again");
        Assert.False(watched.IsCompleted);
        await ended.CancelAsync();
        Assert.False(await watched);
    }

    [Fact]
    public async Task A_process_that_goes_silent_hangs()
    {
        var heard = 1L;
        using var silent = new SpeechProbe(() => heard);
        var watched = Liveness.HangsAsync(silent, new QuickTime(), CancellationToken.None);
        Assert.True(await watched.WaitAsync(Eventually.DefaultLimit));
        heard++;
        Assert.True(await silent.AnswersAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_attempt_that_took_twice_its_time_counts_for_nothing_as_the_asker_itself_stood_still()
    {
        using var ended = new CancellationTokenSource();
        var stopped = new StoppedTime();
        var probe = new Answers(_ => { stopped.Pass(TimeSpan.FromSeconds(20)); return false; });
        var watched = Liveness.HangsAsync(probe, stopped, ended.Token);
        await Eventually.Holds(() => probe.Attempts > 20, "it is asked again and again");
        Assert.False(watched.IsCompleted);
        await ended.CancelAsync();
        Assert.False(await watched);
    }

    sealed class Answers(Func<int, bool> answer) : ILivenessProbe
    {
        int _attempts;

        public int Attempts => Volatile.Read(ref _attempts);

        public Task<bool> AnswersAsync(CancellationToken cancellation) =>
            Task.FromResult(answer(Interlocked.Increment(ref _attempts)));

        public void Dispose() { }
    }

    sealed class StoppedTime : QuickTime
    {
        long _passed;

        public void Pass(TimeSpan time) => Interlocked.Add(ref _passed, time.Ticks);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _passed);
    }
}
