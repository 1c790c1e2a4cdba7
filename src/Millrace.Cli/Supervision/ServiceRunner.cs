using System.Diagnostics;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Logs;
using Millrace.Meters;

namespace Millrace.Cli.Supervision;

/// <summary>
/// Keeps one service alive: starts its process, and starts it again when it dies. A service that dies before it was ever ready has failed and is
/// left alone: its configuration is wrong, and trying again would only hide the reason. <see cref="StartAsync"/> and
/// <see cref="StopAsync"/> must not overlap; the rest may be called by any thread.
/// </summary>
/// <remarks>
/// waiting -> starting (StartAsync) -> running (the process says it is ready) -> restarting (it died, or was killed as it gave no answer) ->
/// starting ... starting -> failed (it died before it was ever ready); starting or running -> finished (it ended with 0, and runs once or
/// said that it has no work); any -> stopped (StopAsync, or its process died after Retire).
/// </remarks>
sealed class ServiceRunner : IDisposable
{
    /// <summary>For the last lines of the log, once the service is gone.</summary>
    static readonly TimeSpan LogLimit = TimeSpan.FromSeconds(1);

    readonly Lock _lock = new();
    readonly TimeProvider _time;
    readonly ServiceLog _logFile;
    readonly LineQueue _log; // a disk that hangs costs lines of the log, never the service
    readonly ServiceCounters _measured = new(); // under _lock
    readonly StandBoard _board; // called under _lock: it never waits and does not call back
    ServiceStatus _status;
    ServiceProcess? _process;
    bool _hangs; // its process was killed because it gave no answer
    string? _done; // why its process has no work, by its own word
    bool _stopping;
    bool _retired;
    Task _running = Task.CompletedTask;
    TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    CancellationTokenSource _stop = new();

    public ServiceRunner(ServiceSpec spec, ServiceLog log, TimeProvider time, StandBoard board)
    {
        (Spec, _logFile, _time, _board) = (spec, log, time, board);
        _log = new LineQueue($"log of {spec.Name}", log.Write);
        _status = new ServiceStatus(spec.Name, ServiceState.Waiting, null, time.GetUtcNow(), 0, null, null);
    }

    public ServiceSpec Spec { get; }

    public ServiceStatus Status { get { lock (_lock) return _status; } }

    /// <summary>What its process last measured of itself, its counters on top of those before it; empty while there is none.</summary>
    public ServiceReadings Readings { get { lock (_lock) return new(Spec.Name, _process is null ? [] : _measured.Readings); } }

    /// <summary>Starts the service and keeps it alive until <see cref="StopAsync"/>.</summary>
    /// <returns>Completes at the first ready; cancelled when the service is retired.</returns>
    /// <exception cref="CliException">It failed: the sentence says why.</exception>
    public Task StartAsync()
    {
        lock (_lock)
        {
            if (_retired) return Task.FromCanceled(new CancellationToken(canceled: true));
            _stopping = false;
            _stop = new CancellationTokenSource();
            _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        _running = KeepAliveAsync(_stop.Token);
        return _ready.Task;
    }

    /// <summary>Asks the service to stop, kills it when it has not done so within <paramref name="limit"/>, and returns when it is gone.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        ServiceProcess? process;
        lock (_lock)
        {
            _stopping = true;
            process = _process;
        }
        await _stop.CancelAsync();
        if (process is not null) await process.StopAsync(limit);
        // A process that hangs in the kernel, as on a disk that is gone, outlives SIGKILL: the stand ends without it.
        await _running.WaitAsync(StopLimits.Kill).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>No other process will follow the one of now, neither by <see cref="StartAsync"/> nor when it dies.</summary>
    public void Retire()
    {
        CancellationTokenSource stop;
        lock (_lock)
        {
            _retired = true;
            stop = _stop;
        }
        stop.Cancel();
    }

    /// <summary>SIGKILL to the process of now, if there is one, and no other follows it.</summary>
    public void EndAtOnce()
    {
        Retire();
        lock (_lock) _process?.Kill();
    }

    /// <summary>Sends a line to the process of now, if there is one: what the next ones do is up to their launch.</summary>
    public void Tell(string order)
    {
        ServiceProcess? process;
        lock (_lock) process = _process;
        process?.Tell(order);
    }

    /// <summary>SIGKILL to the process of now, if there is one; another one follows.</summary>
    /// <returns>false where there is none that was ever ready: one that dies before is not tried again.</returns>
    public bool Kill()
    {
        lock (_lock)
        {
            if (_process is null || !_ready.Task.IsCompletedSuccessfully) return false;
            _process.Kill();
            return true;
        }
    }

    public void Dispose()
    {
        if (_log.CloseWithin(LogLimit)) _logFile.Dispose();
        _stop.Dispose();
    }

    async Task KeepAliveAsync(CancellationToken stop)
    {
        var backoff = new Backoff();
        try
        {
            while (true)
            {
                var started = Stopwatch.GetTimestamp();
                if (await RunOnceAsync(stop)) return;
                await Task.Delay(backoff.After(Stopwatch.GetElapsedTime(started)), _time, stop);
            }
        }
        catch (OperationCanceledException)
        {
            Become(ServiceState.Stopped);
        }
    }

    /// <returns>false when another process must follow.</returns>
    async Task<bool> RunOnceAsync(CancellationToken stop)
    {
        try
        {
            if (await StartProcessAsync(stop) is not { } process) return true;
            using var ended = new CancellationTokenSource();
            var watch = WatchAsync(process, ended.Token);
            var exit = await process.ExitAsync();
            await ended.CancelAsync();
            await watch;
            lock (_lock) _process = null;
            return IsLast(exit);
        }
        catch (CliException e)
        {
            return IsLast(e);
        }
    }

    /// <returns>null when the service was stopped before its process began.</returns>
    /// <exception cref="CliException">It can't be started now.</exception>
    async Task<ServiceProcess?> StartProcessAsync(CancellationToken stop)
    {
        lock (_lock)
        {
            if (RestsBeforeStart(stop)) return null;
            if (_process is { } old)
                throw new CliException(
                    ExitCodes.Failed,
                    $"{Spec.Name}: its process {old.Identity.Pid} does not end although it was killed: see what its disk does.");
            (_done, _hangs) = (null, false);
        }
        if (Spec.BeforeStart is { } before) await before(_board.State, stop);
        // A fork may take its time: nobody waits for it who wants to stop the service, or only to know how it is.
        var process = new ServiceProcess(Spec, Spec.Launch(_board.State), _log);
        lock (_lock)
        {
            if (!RestsBeforeStart(stop))
            {
                _process = process;
                _measured.BeginProcess();
                Become(ServiceState.Starting, process.Identity);
                process.Listen(roleEvent => OnEvent(process, roleEvent));
                return process;
            }
        }
        process.Kill();
        await process.ExitAsync();
        return null;
    }

    /// <summary>Somebody stopped the service before its process was known.</summary>
    /// <param name="stop">Of this start: while a fork took its time, another start may have followed the stop.</param>
    bool RestsBeforeStart(CancellationToken stop)
    {
        if (!stop.IsCancellationRequested && !_stopping && !_retired) return false;
        if (stop == _stop.Token) Become(ServiceState.Stopped);
        return true;
    }

    /// <summary>
    /// Kills a process that is ready and hangs: it counts as dead then, and another one follows. One that is not ready yet may take any time:
    /// a broker reads its logs.
    /// </summary>
    async Task WatchAsync(ServiceProcess process, CancellationToken ended)
    {
        if (Spec.Probe is not { } make) return;
        await process.Ready.WaitAsync(ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ended.IsCancellationRequested) return;
        using var probe = make(process);
        if (!await Liveness.HangsAsync(probe, _time, ended)) return;
        lock (_lock)
        {
            if (_stopping || _retired) return;
            _hangs = true;
            _log.Add($"{Spec.Name}: {Liveness.Verdict}");
            // Now, as one that hangs in the kernel outlives SIGKILL.
            Become(ServiceState.Restarting, process.Identity, lastExit: Liveness.Verdict);
        }
        process.Kill();
    }

    /// <summary>
    /// A process that could not be made is tried again where the service has run before: memory and process ids come back.
    /// </summary>
    /// <returns>false when another attempt must follow.</returns>
    bool IsLast(CliException failure)
    {
        lock (_lock)
        {
            var isLast = _ready.TrySetException(failure);
            if (!isLast) _log.Add(failure.Message);
            Become(isLast ? ServiceState.Failed : ServiceState.Restarting, lastExit: failure.Message);
            return isLast;
        }
    }

    /// <summary>Decides what the end of a process means.</summary>
    /// <returns>false when another process must follow.</returns>
    bool IsLast(ServiceExit exit)
    {
        lock (_lock)
        {
            if (_stopping || _retired) return RestsIn(ServiceState.Stopped, exit);
            if ((Spec.RunsOnce || _done is not null) && exit.Code == 0)
            {
                _ready.TrySetResult();
                Become(ServiceState.Finished, lastExit: _done ?? exit.Reason, definitions: _status.Definitions);
                return true;
            }
            if (!_ready.Task.IsCompleted)
            {
                _ready.TrySetException(new CliException(ExitCodes.OfPart(exit.Code), WhyFailed(exit)));
                return RestsIn(ServiceState.Failed, exit);
            }
            _log.Add($"{Spec.Name}: {exit}; starting it again");
            _status = _status with { Restarts = _status.Restarts + 1 };
            Become(ServiceState.Restarting, lastExit: _hangs ? Liveness.Verdict : exit.Reason);
            return false;
        }
    }

    string WhyFailed(ServiceExit exit) => ExitCodes.HasSentence(exit.Code) && exit.LastWords.Length > 0
        ? $"{Spec.Name}: {exit.LastWords}"
        : $"The service {Spec.Name} ended before it was ready ({exit}): see  {Self.Command} logs {Spec.Name}";

    /// <returns>true: no other process follows.</returns>
    bool RestsIn(ServiceState state, ServiceExit exit)
    {
        Become(state, lastExit: exit.Reason);
        return true;
    }

    void OnEvent(ServiceProcess process, RoleEvent roleEvent)
    {
        lock (_lock)
        {
            if (process != _process) return;
            if (roleEvent.Emitter is { } emitter) _board.Emitted(emitter);
            if (roleEvent.Readings is { } readings) _measured.Update(readings);
            if (roleEvent.Event == RoleEvent.Done) _done = roleEvent.Reason;
            if (roleEvent.Event != RoleEvent.Ready) return;
            if (roleEvent.Port is { } port)
                _board.Learn(stand => (Spec.Announce?.Invoke(stand, port) ?? stand).WithPort(Spec.Name, port));
            Become(ServiceState.Running, process.Identity, roleEvent.Endpoint, definitions: roleEvent.Definitions);
            _ready.TrySetResult();
        }
    }

    void Become(
        ServiceState state, ProcessIdentity? process = null, string? endpoint = null, string? lastExit = null, string? definitions = null)
    {
        lock (_lock)
        {
            _status = _status with
            {
                State = state,
                Process = process,
                Endpoint = endpoint,
                Since = _time.GetUtcNow(),
                LastExit = lastExit ?? _status.LastExit,
                Definitions = definitions,
            };
            _board.Update(_status);
        }
    }
}
