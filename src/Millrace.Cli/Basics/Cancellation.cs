namespace Millrace.Cli.Basics;

/// <summary>Waiting for a token.</summary>
static class Cancellation
{
    /// <summary>Returns, without an exception, when the token is cancelled.</summary>
    public static Task UntilCancelledAsync(this CancellationToken cancellation) =>
        Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
}
