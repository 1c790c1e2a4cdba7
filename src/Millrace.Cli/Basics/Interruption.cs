using System.Runtime.InteropServices;

namespace Millrace.Cli.Basics;

/// <summary>
/// Lets work that has something to clear up end in order at the first Ctrl-C, or when it is told to stop: what it waits for is cancelled. A
/// second signal ends the process as ever.
/// </summary>
static class Interruption
{
    static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    /// <exception cref="OperationCanceledException">The work took notice.</exception>
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var registrations = Signals.Select(signal => PosixSignalRegistration.Create(signal, Stop)).ToList();
        try
        {
            return await work(stop.Token);
        }
        finally
        {
            foreach (var registration in registrations) registration.Dispose();
        }

        void Stop(PosixSignalContext context)
        {
            if (stop.IsCancellationRequested) return;
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
