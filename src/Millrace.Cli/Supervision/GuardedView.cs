namespace Millrace.Cli.Supervision;

/// <summary>Another view whose terminal may go away: the stand and its ordered stop go on without it. Any thread may call, as with that view.</summary>
sealed class GuardedView(IStandView view) : IStandView
{
    public void Show(ServiceStatus service)
    {
        try { view.Show(service); }
        catch (IOException) { /* Nobody sees it any more. */ }
    }

    public void Show(EmitterSummary emitter)
    {
        try { view.Show(emitter); }
        catch (IOException) { /* Nobody sees it any more. */ }
    }

    public async Task ShowFlowAsync(StandState stand, CancellationToken stopping)
    {
        try { await view.ShowFlowAsync(stand, stopping); }
        catch (IOException) { await stopping.UntilCancelledAsync(); }
    }
}
