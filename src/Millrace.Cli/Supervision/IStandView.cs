namespace Millrace.Cli.Supervision;

/// <summary>What <c>up</c> shows while the stand is up. The supervisor calls from any thread, one call at a time.</summary>
interface IStandView
{
    /// <summary>A service changed.</summary>
    void Show(ServiceStatus service);

    /// <summary>What the emitter did, each second.</summary>
    void Show(EmitterSummary emitter);

    /// <summary>Everything is ready: shows what flows until <paramref name="stopping"/>.</summary>
    Task ShowFlowAsync(StandState stand, CancellationToken stopping);
}
