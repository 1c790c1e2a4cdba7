using Millrace.Cli.Basics;
using Millrace.Cli.Documents;

namespace Millrace.Cli.Supervision;

/// <summary>
/// Runs a view on a thread of its own, which does not keep the process from ending. The stand and its ordered stop go on without a view
/// that throws or is stuck.
/// </summary>
sealed class ViewPump
{
    readonly IStandView _view;
    readonly StandWatch _watch;
    readonly TaskCompletionSource _shown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="watch">From now on it is the pump's.</param>
    public ViewPump(IStandView view, StandWatch watch)
    {
        (_view, _watch) = (view, watch);
        new Thread(Show) { IsBackground = true, Name = "view" }.Start();
    }

    /// <summary>Returns when the view has shown all there was, or after <paramref name="limit"/> without it.</summary>
    public async Task EndWithinAsync(TimeSpan limit) =>
        await _shown.Task.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    void Show()
    {
        try
        {
            _view.Show(_watch);
        }
        catch (IOException)
        {
            // The terminal is closed, or the reader has gone.
        }
        catch (Exception e)
        {
            Terminal.Note($"The display ended ({e.Message}), the stand goes on: see  {Self.Command} ps");
        }
        finally
        {
            _watch.Dispose();
            _shown.SetResult();
        }
    }
}
