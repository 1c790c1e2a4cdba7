using System.Runtime.InteropServices;

namespace Millrace.Cli.Supervision;

/// <summary>
/// Turns SIGINT, SIGTERM and SIGHUP into two stages: the first asks for an orderly stop, a SIGINT or SIGTERM after it for one at once. A SIGHUP never does:
/// a closed terminal sends two of them, one by the shell and one by the kernel.
/// </summary>
sealed class StopSignals : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly CancellationTokenSource _atOnce = new();
    readonly PosixSignalRegistration[] _registrations;
    bool _asked; // interlocked: two signals may be handled side by side

    public StopSignals() => _registrations =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

    public CancellationToken Stop => _stop.Token;

    public CancellationToken AtOnce => _atOnce.Token;

    /// <summary>The orderly stop came from Ctrl-C, not from another command.</summary>
    public bool Interrupted { get; private set; }

    public void RequestStop() => _stop.Cancel();

    public void RequestStopAtOnce()
    {
        _stop.Cancel();
        _atOnce.Cancel();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGINT) Interrupted = true;
        var again = Interlocked.Exchange(ref _asked, true) || _stop.IsCancellationRequested;
        if (again && context.Signal != PosixSignal.SIGHUP) RequestStopAtOnce();
        else RequestStop();
    }
}
