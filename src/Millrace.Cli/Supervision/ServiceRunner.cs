using System.Diagnostics;

namespace Millrace.Cli.Supervision;

/// <summary>
/// Keeps one service alive: starts its process, and starts it again when it dies. A service that dies before it was ever ready has failed and is
/// left alone: its configuration is wrong, and trying again would only hide the reason. <see cref="Start"/> and <see cref="StopAsync"/> must not
/// overlap; the rest may be called by any thread.
/// </summary>
/// <remarks>
/// waiting -> starting (Start) -> running (the process says it is ready) -> restarting (it died) -> starting ...
/// starting -> failed (it died before it was ever ready); starting or running -> finished (a service that runs once ended with 0); any -> stopped (StopAsync).
/// </remarks>
sealed class ServiceRunner : IDisposable
{
    readonly Lock _lock = new();
    readonly TimeProvider _time;
    readonly ServiceLog _log;
    readonly StandBoard _board; // called under _lock: it must not call back
    ServiceStatus _status;
    ServiceProcess? _process;
    bool _stopping;
    Task _running = Task.CompletedTask;
    TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    CancellationTokenSource _stop = new();

    public ServiceRunner(ServiceSpec spec, ServiceLog log, TimeProvider time, StandBoard board)
    {
        (Spec, _log, _time, _board) = (spec, log, time, board);
        _status = new ServiceStatus(spec.Name, ServiceState.Waiting, null, time.GetUtcNow(), 0, null, null);
    }

    public ServiceSpec Spec { get; }

    public ServiceStatus Status { get { lock (_lock) return _status; } }

    /// <summary>Starts the service and keeps it alive until <see cref="StopAsync"/>.</summary>
    /// <returns>Completes at the first ready.</returns>
    /// <exception cref="CliException">It failed: the sentence says why.</exception>
    public Task Start()
    {
        _stop = new CancellationTokenSource();
        _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock) _stopping = false;
        _running = KeepAliveAsync();
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
        await _running;
    }

    /// <summary>SIGKILL to the process of now, if there is one. The service comes back unless it is being stopped.</summary>
    public void Kill()
    {
        lock (_lock) _process?.Kill();
    }

    public void Dispose()
    {
        _log.Dispose();
        _stop.Dispose();
    }

    async Task KeepAliveAsync()
    {
        var backoff = new Backoff();
        try
        {
            while (true)
            {
                var started = Stopwatch.GetTimestamp();
                if (await RunOnceAsync() is not { } exit || IsLast(exit)) return;
                await Task.Delay(backoff.After(Stopwatch.GetElapsedTime(started)), _time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Become(ServiceState.Stopped);
        }
        catch (CliException e)
        {
            Become(ServiceState.Failed, lastExit: e.Message);
            _ready.TrySetException(e);
        }
    }

    /// <returns>null when the service was stopped before its process began.</returns>
    async Task<ServiceExit?> RunOnceAsync()
    {
        var process = StartProcess();
        if (process is null) return null;
        var exit = await process.ExitAsync();
        lock (_lock) _process = null;
        return exit;
    }

    ServiceProcess? StartProcess()
    {
        lock (_lock)
        {
            if (_stopping)
            {
                Become(ServiceState.Stopped);
                return null;
            }
            var process = _process = new ServiceProcess(Spec, _log);
            Become(ServiceState.Starting, process.Identity);
            process.Listen(roleEvent => OnEvent(process, roleEvent));
            return process;
        }
    }

    /// <summary>Decides what the end of a process means.</summary>
    /// <returns>false when another process must follow.</returns>
    bool IsLast(ServiceExit exit)
    {
        lock (_lock)
        {
            if (_stopping) return RestsIn(ServiceState.Stopped, exit);
            if (Spec.RunsOnce && exit.Code == 0)
            {
                _ready.TrySetResult();
                return RestsIn(ServiceState.Finished, exit);
            }
            if (!_ready.Task.IsCompleted)
            {
                _ready.TrySetException(new CliException(ExitCodes.OfPart(exit.Code), WhyFailed(exit)));
                return RestsIn(ServiceState.Failed, exit);
            }
            _log.Write($"{Spec.Name}: {exit}; starting it again");
            _status = _status with { Restarts = _status.Restarts + 1 };
            Become(ServiceState.Restarting, lastExit: exit.ToString());
            return false;
        }
    }

    string WhyFailed(ServiceExit exit) => ExitCodes.HasSentence(exit.Code) && exit.LastWords.Length > 0
        ? $"{Spec.Name}: {exit.LastWords}"
        : $"The service {Spec.Name} ended before it was ready ({exit}): see  {Self.Command} logs {Spec.Name}";

    /// <returns>true: no other process follows.</returns>
    bool RestsIn(ServiceState state, ServiceExit exit)
    {
        Become(state, lastExit: exit.ToString());
        return true;
    }

    void OnEvent(ServiceProcess process, RoleEvent roleEvent)
    {
        lock (_lock)
        {
            if (process != _process) return;
            if (roleEvent.Emitter is { } emitter) _board.Emitted(emitter);
            if (roleEvent.Event != RoleEvent.Ready) return;
            Become(ServiceState.Running, process.Identity, roleEvent.Endpoint);
            _ready.TrySetResult();
        }
    }

    void Become(ServiceState state, ProcessIdentity? process = null, string? endpoint = null, string? lastExit = null)
    {
        lock (_lock)
        {
            _status = _status with { State = state, Process = process, Endpoint = endpoint, Since = _time.GetUtcNow(), LastExit = lastExit ?? _status.LastExit };
            _board.Update(_status);
        }
    }
}
