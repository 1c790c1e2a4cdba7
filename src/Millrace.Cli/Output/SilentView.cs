using Millrace.Cli.Supervision;

namespace Millrace.Cli.Output;

/// <summary>What a detached supervisor shows: nothing. The state file tells the rest.</summary>
sealed class SilentView : IStandView
{
    public void Show(ServiceStatus service) { }

    public void Show(EmitterSummary emitter) { }

    public Task ShowFlowAsync(StandState stand, CancellationToken stopping) => stopping.UntilCancelledAsync();
}
