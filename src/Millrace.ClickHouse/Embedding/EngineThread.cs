using Millrace.ClickHouse.Native;

namespace Millrace.ClickHouse.Embedding;

/// <summary>
/// Runs the engine's blocking calls on threads of their own, so that slow queries never take the thread pool away from /ping.
/// </summary>
static class EngineThread
{
    const TaskCreationOptions OwnThread = TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach;

    public static Task<T> RunAsync<T>(Func<T> call) =>
        Task.Factory.StartNew(() => SignalStack.Keep(call), CancellationToken.None, OwnThread, TaskScheduler.Default);

    public static Task RunAsync(Action call) =>
        RunAsync(() =>
        {
            call();
            return true;
        });
}
