using Millrace.Cli.Basics;
using Millrace.Cli.Documents;

namespace Millrace.Cli.Supervision;

/// <summary>
/// Writes the state file each time the state has changed, behind the back of whoever changed it: a disk that hangs holds up nobody. Changes
/// that come while it writes are written together. Any thread may call.
/// </summary>
/// <param name="dataLock">Says whether the file is still ours.</param>
/// <param name="state">The state of now.</param>
sealed class StateKeeper(StateFile file, DataDirectoryLock dataLock, Func<StandState> state)
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    readonly Lock _lock = new(); // held for memory only, and nothing else is locked under it
    Task _saved = Task.CompletedTask;
    bool _isDue;
    bool _hasEnded;

    /// <summary>The state has changed.</summary>
    public void Touch()
    {
        lock (_lock)
        {
            if (_isDue || _hasEnded) return;
            _isDue = true;
            _saved = _saved.ContinueWith(_ => Save(), TaskScheduler.Default);
        }
    }

    /// <summary>Returns when the state of now is in the file, at the latest after <see cref="Limit"/>.</summary>
    public async Task SavedAsync()
    {
        Task saved;
        lock (_lock) saved = _saved;
        await saved.WaitAsync(Limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Deletes the file, and writes no other.</summary>
    public async Task DeleteAsync()
    {
        lock (_lock) _hasEnded = true;
        await SavedAsync();
        try
        {
            if (!dataLock.IsLost) file.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CliException)
        {
            // It names a supervisor that is gone, which everybody who reads it takes for none.
        }
    }

    void Save()
    {
        lock (_lock)
        {
            _isDue = false;
            if (_hasEnded) return;
        }
        try
        {
            if (!dataLock.IsLost) file.Write(state());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CliException)
        {
            // The disk is full, or somebody changed the rights: the stand lives on, only other commands see it as it was.
        }
    }
}
