using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Logs;
using Millrace.Streams.Events;
using Millrace.Streams.Status;

namespace Millrace.Cli.Supervision;

/// <summary>
/// Brings a stand up, keeps it up and takes it down: the process that runs it is the parent of every service. Starting, restarting and stopping happen
/// one at a time; a service that dies comes back by itself (<see cref="ServiceRunner"/>).
/// </summary>
sealed class StandSupervisor : IDisposable
{
    /// <summary>For a view to show the last changes, once everything has stopped.</summary>
    static readonly TimeSpan ViewLimit = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks whether the data directory is still there.</summary>
    static readonly TimeSpan DataPause = TimeSpan.FromSeconds(1);

    /// <summary>Where nobody watches yet: from the moment that everything is up to the first look at the servers.</summary>
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    readonly StandPlan _plan;
    readonly StandPaths _paths;
    readonly SemaphoreSlim _oneAtATime = new(1);
    readonly StandBoard _board;
    readonly StatusHub _hub = new();
    readonly StopSignals _signals;
    readonly List<ServiceRunner> _runners;
    readonly CancellationTokenRegistration _endAtOnce;
    readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _down = new(TaskCreationOptions.RunContinuationsAsynchronously);

    StandSupervisor(StandPlan plan, StandPaths paths, DataDirectoryLock dataLock, string socket, StopSignals signals, TimeProvider time)
    {
        (_plan, _paths, _signals) = (plan, paths, signals);
        _board = new StandBoard(plan, paths, dataLock, socket, time);
        _runners = [.. plan.Services.Select(spec => new ServiceRunner(spec, new ServiceLog(paths.LogOf(spec.Name), time), time, _board))];
        _endAtOnce = signals.AtOnce.Register(EndAtOnce);
    }

    /// <summary>Runs a stand until somebody stops it.</summary>
    /// <param name="dataLock">Says that no other supervisor owns the data directory; stays the caller's.</param>
    /// <param name="onUp">Is told once, when all services are ready.</param>
    /// <exception cref="CliException">
    /// A service could not be started, or somebody deleted the data directory; everything is stopped again by then.
    /// </exception>
    public static async Task RunAsync(
        StandPlan plan, StandPaths paths, DataDirectoryLock dataLock, StopSignals signals, IStandView view, Action<StandState> onUp,
        TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(dataLock);
        // It listens before the state file says so.
        using var socket = ControlSocket.Listen(paths, dataLock);
        using var supervisor = new StandSupervisor(plan, paths, dataLock, socket.Path, signals, time);
        await using var control = new ControlServer(socket.Listener, supervisor._board, supervisor._hub, supervisor.HandleAsync);
        var shown = new ViewPump(view, supervisor._board.Watch());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(signals.Stop);
        var watch = StopWithoutDataAsync(dataLock, signals, time, ended.Token);
        // It ends by itself: whoever stops does not wait for a server that it asks.
        _ = SupervisedStand.FeedAsync(supervisor._board, supervisor._hub, view.ShowsFlow ? TimeSpan.Zero : Quiet, time, signals.Stop);
        try
        {
            await supervisor.StartAsync(signals.Stop);
            onUp(supervisor._board.State);
            await signals.Stop.UntilCancelledAsync();
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            // Stopped while it started.
        }
        finally
        {
            await supervisor.EndAsync();
            await ended.CancelAsync();
            await watch;
            await shown.EndWithinAsync(ViewLimit);
        }
        if (!dataLock.IsLost) return;
        throw new CliException(
            ExitCodes.Failed, $"Somebody deleted {paths.Data} under the stand, which is down now: start one anew with  {Self.Command} up");
    }

    public void Dispose()
    {
        _endAtOnce.Dispose();
        foreach (var runner in _runners) runner.Dispose();
        _oneAtATime.Dispose();
    }

    /// <summary>Nobody finds a stand without its data directory: <c>down</c> could not stop it.</summary>
    static async Task StopWithoutDataAsync(DataDirectoryLock dataLock, StopSignals signals, TimeProvider time, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(DataPause, time);
        try
        {
            while (!dataLock.IsLost) await timer.WaitForNextTickAsync(ended);
            signals.RequestStop();
        }
        catch (OperationCanceledException)
        {
            // It stops anyway.
        }
    }

    async Task StartAsync(CancellationToken stop)
    {
        await _oneAtATime.WaitAsync(stop);
        try
        {
            _board.Enter(StandPhase.Starting);
            await StartAllAsync(stop);
            _board.Enter(StandPhase.Running);
            _up.SetResult();
            // Nobody waits for the disk.
            var stand = _board.State;
            _ = Task.Run(() => PortMemory.Write(_paths, _plan.Ports, stand), CancellationToken.None);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Starts every service as soon as those it needs are ready. The first failure counts, and nothing more is started after it.</summary>
    async Task StartAllAsync(CancellationToken stop)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ready = new Dictionary<string, Task>();
        foreach (var runner in _runners)
            ready[runner.Spec.Name] = StartWhenReadyAsync(runner, Task.WhenAll(runner.Spec.Needs.Select(name => ready[name])), failed.Token);
        try
        {
            await foreach (var one in Task.WhenEach(ready.Values)) await one;
        }
        finally
        {
            // Nothing may start behind the back of whoever stops the services now.
            await failed.CancelAsync();
            await Task.WhenAll(ready.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static async Task StartWhenReadyAsync(ServiceRunner runner, Task needed, CancellationToken stop)
    {
        await needed.WaitAsync(stop);
        stop.ThrowIfCancellationRequested();
        await runner.StartAsync().WaitAsync(stop);
    }

    async Task EndAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            await _board.EndAsync();
            _down.SetResult();
        }
    }

    async Task StopAsync()
    {
        _up.TrySetCanceled();
        // A restart that goes on starts nothing more, and whatever dies from here on has ended.
        foreach (var runner in _runners) runner.Retire();
        await _oneAtATime.WaitAsync();
        try
        {
            _board.Enter(StandPhase.Stopping);
            foreach (var runner in Enumerable.Reverse(_runners)) await runner.StopAsync(StopLimits.Service);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    async Task<ControlAnswer> HandleAsync(ControlRequest request)
    {
        switch (request)
        {
            case { Verb: ControlRequest.WaitUntilUp }:
                return await AnswerAsync(async () => { await _up.Task; return null; });
            case { Verb: ControlRequest.Down }:
                if (request.AtOnce) _signals.RequestStopAtOnce();
                else _signals.RequestStop();
                await _down.Task;
                return ControlAnswer.Done;
            case { Verb: ControlRequest.Restart }:
                return await RestartAsync(request.Service);
            case { Verb: ControlRequest.Kill }:
                return Kill(request.Service);
            case { Verb: ControlRequest.Rate }:
                return Load(request);
            case { Verb: ControlRequest.Fault, Broker: { } order }:
                return Fault(order);
            case { Verb: ControlRequest.Mark, Text: { } text }:
                _board.Mark(request.Service ?? "", text);
                return ControlAnswer.Done;
            case { Verb: ControlRequest.Meters }:
                var readings = _runners.Select(runner => runner.Readings);
                return ControlAnswer.Done with { Readings = [.. readings.Where(service => service.Readings.Count > 0)] };
            case { Verb: ControlRequest.Apply }:
                return await AnswerAsync(() => ApplyAsync(request.Allow));
            default:
                return new ControlAnswer($"This supervisor does not know the request {request.Verb}.");
        }
    }

    async Task<ControlAnswer> RestartAsync(string? service)
    {
        var chosen = _runners.Where(runner => service is null || runner.Spec.Name == service).ToList();
        if (chosen.Count > 0) return await AnswerAsync(() => RestartAsync(chosen));
        return Unknown(service);
    }

    ControlAnswer Kill(string? service)
    {
        if (_runners.Find(runner => runner.Spec.Name == service) is not { } chosen) return Unknown(service);
        return chosen.Kill() ? ControlAnswer.Done : new ControlAnswer($"{service} has no process that could be killed now and come back.");
    }

    ControlAnswer Load(ControlRequest request)
    {
        if (_runners.Find(runner => runner.Spec.Name == ServiceNames.Emitter) is not { } emitter)
            return new ControlAnswer("The stand has no emitter.");
        if (emitter.Status is { State: not ServiceState.Running } status)
            return new ControlAnswer($"The emitter does not run, it is {StateWord.Of(status.State)}: see  {Self.Command} ps");
        // Whichever of the two a new process of it sees first: it goes at that rate.
        var (was, now) = _board.Ask(known => (known ?? new EmitterLoad(null)).At(request.EventsPerSecond).With(request.Shares));
        emitter.Tell(new EmitterOrder { EventsPerSecond = request.EventsPerSecond, Shares = now.Shares }.ToString());
        return ControlAnswer.Done with { Was = was, Is = now };
    }

    ControlAnswer Fault(BrokerOrder order)
    {
        if (_runners.Find(runner => runner.Spec.Name == ServiceNames.Broker) is not { } broker)
            return new ControlAnswer("The stand has no broker of its own.");
        if (broker.Status is { State: not ServiceState.Running } status)
            return new ControlAnswer($"The broker does not run, it is {StateWord.Of(status.State)}: see  {Self.Command} ps");
        broker.Tell(order.ToString());
        return ControlAnswer.Done;
    }

    ControlAnswer Unknown(string? service) =>
        new($"No service is called {service}: there are {string.Join(", ", _runners.Select(runner => runner.Spec.Name))}.");

    /// <summary>Setup and what waits for it, but for an emitter that has made all its events.</summary>
    static bool IsConcernedByDefinitions(ServiceRunner runner) =>
        runner.Spec.Name == ServiceNames.Setup
        || (runner.Spec.Needs.Contains(ServiceNames.Setup) && !(runner.Spec.RunsOnce && runner.Status.State == ServiceState.Finished));

    /// <param name="work">Gives one sentence where it failed; null otherwise.</param>
    /// <returns>Once the state file tells of it.</returns>
    async Task<ControlAnswer> AnswerAsync(Func<Task<string?>> work)
    {
        try
        {
            var failure = await work();
            await _board.SavedAsync();
            return new ControlAnswer(failure);
        }
        catch (OperationCanceledException)
        {
            return new ControlAnswer("The stand is being stopped.");
        }
    }

    /// <inheritdoc cref="RestartAsync(List{ServiceRunner})"/>
    async Task<string?> ApplyAsync(IReadOnlyCollection<string> allowed)
    {
        _board.Learn(stand => stand with { Allowed = allowed });
        try
        {
            return await RestartAsync([.. _runners.Where(IsConcernedByDefinitions)]);
        }
        finally
        {
            _board.Learn(stand => stand with { Allowed = [] });
        }
    }

    /// <returns>Why the first service that failed did; null when all run again.</returns>
    async Task<string?> RestartAsync(List<ServiceRunner> chosen)
    {
        await _oneAtATime.WaitAsync(_signals.Stop);
        try
        {
            foreach (var runner in Enumerable.Reverse(chosen)) await runner.StopAsync(StopLimits.Service);
            string? failure = null;
            foreach (var runner in chosen) failure = await TryStartAsync(runner) is { } why ? failure ?? why : failure;
            return failure;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>One that fails leaves the others their start: the stand is up, and they come back as soon as they can.</summary>
    async Task<string?> TryStartAsync(ServiceRunner runner)
    {
        try
        {
            _signals.Stop.ThrowIfCancellationRequested();
            await runner.StartAsync().WaitAsync(_signals.Stop);
            return null;
        }
        catch (CliException e)
        {
            return e.Message;
        }
    }

    void EndAtOnce()
    {
        foreach (var runner in _runners) runner.EndAtOnce();
    }
}
