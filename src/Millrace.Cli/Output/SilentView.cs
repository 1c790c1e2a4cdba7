using Millrace.Cli.Documents;

namespace Millrace.Cli.Output;

/// <summary>What a detached supervisor shows: nothing. The state file tells the rest.</summary>
sealed class SilentView : IStandView
{
    public bool ShowsFlow => false;

    public void Show(StandWatch watch) { }
}
