namespace Millrace.Cli.Supervision;

/// <summary>Hears whether a process that has something to say each second still says it.</summary>
/// <param name="heard">How many events it has sent.</param>
sealed class SpeechProbe(Func<long> heard) : ILivenessProbe
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    long _last = heard();

    public async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        for (var now = heard(); ; now = heard())
        {
            if (now != _last)
            {
                _last = now;
                return true;
            }
            await Task.Delay(Pause, cancellation);
        }
    }

    public void Dispose() { }
}
