namespace Millrace.Cli.Supervision;

/// <summary>
/// Tells a process that hangs from one that is slow. Attempts are counted and not the time: a supervisor that was stopped, or a machine that
/// slept, has made none meanwhile.
/// </summary>
static class Liveness
{
    /// <summary>In a row. A machine under the heaviest load leaves one without an answer now and then.</summary>
    const int MostFailures = 8;

    /// <summary>For an answer, and between two questions.</summary>
    static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long a process that hangs has been silent.</summary>
    public static TimeSpan Limit => MostFailures * AttemptLimit;

    /// <summary>What becomes of it, for whoever asks why.</summary>
    public static string Verdict { get; } = $"no answer for {Limit.TotalSeconds:0} s: killed";

    /// <summary>Asks at once, and then again and again.</summary>
    /// <returns>true as soon as the process hangs, false when <paramref name="ended"/> is set.</returns>
    public static async Task<bool> HangsAsync(ILivenessProbe probe, TimeProvider time, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(AttemptLimit, time);
        try
        {
            for (var failures = 0; failures < MostFailures; await timer.WaitForNextTickAsync(ended))
            {
                var started = time.GetTimestamp();
                if (await AnswersAsync(probe, time, ended)) failures = 0;
                // One that took twice its limit says that this process itself got no time.
                else if (time.GetElapsedTime(started) < 2 * AttemptLimit) failures++;
            }
            return true;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return false;
        }
    }

    static async Task<bool> AnswersAsync(ILivenessProbe probe, TimeProvider time, CancellationToken ended)
    {
        using var late = new CancellationTokenSource(AttemptLimit, time);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(ended, late.Token);
        try
        {
            return await probe.AnswersAsync(until.Token);
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            return false;
        }
    }
}
