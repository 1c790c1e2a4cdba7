namespace Millrace.Cli.Supervision;

/// <summary>
/// The state of the stand as its supervisor knows it; every change goes to the view and, as long as the supervisor holds the data directory, to the state file.
/// Any thread may call.
/// </summary>
sealed class StandBoard
{
    readonly Lock _lock = new();
    readonly StateFile _file;
    readonly DataDirectoryLock _dataLock;
    readonly IStandView _view;
    readonly List<Action<ServiceStatus>> _watches = [];
    StandState _state;

    /// <param name="socket">Full path of the socket that the supervisor listens on.</param>
    public StandBoard(StandPlan plan, StandPaths paths, DataDirectoryLock dataLock, string socket, IStandView view, TimeProvider time)
    {
        (_file, _dataLock, _view) = (new StateFile(paths.State), dataLock, view);
        var now = time.GetUtcNow();
        _state = new StandState(ProcessIdentity.Current, StandPhase.Starting, now, plan.Kafka, plan.ClickHouse, paths.Streams,
            [.. plan.Services.Select(spec => new ServiceStatus(spec.Name, ServiceState.Waiting, null, now, 0, null, null))])
        {
            Socket = socket,
            Profile = plan.Profile,
            Settings = plan.Settings.ToDictionary(setting => setting.Option, setting => setting.Value),
        };
        Save();
    }

    public StandState State { get { lock (_lock) return _state; } }

    public void Enter(StandPhase phase)
    {
        lock (_lock)
        {
            _state = _state with { Phase = phase };
            Save();
        }
    }

    public void Update(ServiceStatus service)
    {
        lock (_lock)
        {
            _state = _state with { Services = [.. _state.Services.Select(old => old.Name == service.Name ? service : old)] };
            Save();
            _view.Show(service);
            foreach (var watch in _watches) watch(service);
        }
    }

    /// <summary>Hears of every change of a service until the answer is disposed. <paramref name="onChange"/> is called under locks: it must be quick and not call back.</summary>
    public IDisposable Watch(Action<ServiceStatus> onChange)
    {
        lock (_lock) _watches.Add(onChange);
        return new Watching(this, onChange);
    }

    public void Emitted(EmitterSummary emitter)
    {
        lock (_lock) _view.Show(emitter);
    }

    public void Clear()
    {
        if (!_dataLock.IsLost) _file.Delete();
    }

    void Save()
    {
        if (_dataLock.IsLost) return;
        try { _file.Write(_state); }
        catch (IOException) { /* The disk is full: the stand lives on, only other commands see it as it was. */ }
    }

    sealed class Watching(StandBoard board, Action<ServiceStatus> onChange) : IDisposable
    {
        public void Dispose()
        {
            lock (board._lock) board._watches.Remove(onChange);
        }
    }
}
