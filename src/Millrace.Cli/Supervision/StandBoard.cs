using System.Collections.Concurrent;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Streams.Events;
using Millrace.Streams.Status;

namespace Millrace.Cli.Supervision;

/// <summary>
/// The state of the stand as its supervisor knows it. Every change makes a document, which goes to each watch and, as long as the
/// supervisor holds the data directory, to the state file. Any thread may call, also with locks held: nothing here waits for a reader or a
/// disk.
/// </summary>
sealed class StandBoard
{
    readonly Lock _lock = new();
    readonly List<StandWatch> _watches = [];
    readonly StateKeeper _keeper;
    readonly ConcurrentQueue<StandEvent> _marks = new();
    readonly TimeProvider _time;
    StandDocument _now;

    /// <param name="socket">Full path of the socket that the supervisor listens on.</param>
    public StandBoard(StandPlan plan, StandPaths paths, DataDirectoryLock dataLock, string socket, TimeProvider time)
    {
        _time = time;
        var now = time.GetUtcNow();
        var stand = new StandState(ProcessIdentity.Current, StandPhase.Starting, now, plan.Kafka, plan.ClickHouse, paths.Streams,
            [.. plan.Services.Select(spec => new ServiceStatus(spec.Name, ServiceState.Waiting, null, now, 0, null, null))])
        {
            Socket = socket,
            Ports = plan.Ports.Known,
            Profile = plan.Profile,
            EmitterEnds = plan.EmitterEnds,
            Load = plan.Load,
            Settings = plan.Settings.ToDictionary(setting => setting.Option, setting => setting.Value),
        };
        _now = new StandDocument(0, StandDocumentCause.Phase, stand);
        _keeper = new StateKeeper(new StateFile(paths.State), dataLock, () => State);
        _keeper.Touch();
    }

    public StandState State { get { lock (_lock) return _now.Stand; } }

    /// <summary>Its last second; null before its first.</summary>
    public EmitterSummary? Emitter { get { lock (_lock) return _now.Emitter; } }

    public void Enter(StandPhase phase) =>
        Publish(now => now with { Cause = StandDocumentCause.Phase, Stand = now.Stand with { Phase = phase } });

    /// <summary>A drill did something to the stand.</summary>
    /// <param name="subject">The service that it is about; empty for none.</param>
    public void Mark(string subject, string text) => _marks.Enqueue(new StandEvent(_time.GetUtcNow(), StandEvent.Drill, subject, text));

    /// <returns>What was marked since the last call.</returns>
    public IReadOnlyList<StandEvent> TakeMarks()
    {
        var marks = new List<StandEvent>();
        while (_marks.TryDequeue(out var mark)) marks.Add(mark);
        return marks;
    }

    /// <summary>Where a server is; told with the next change.</summary>
    public void Learn(Func<StandState, StandState> change)
    {
        lock (_lock) _now = _now with { Stand = change(_now.Stand) };
    }

    /// <summary>The emitter is asked for something else from now on; told with the next change.</summary>
    /// <returns>What it was asked for, where anybody knows, and what it is.</returns>
    public (EmitterLoad? Was, EmitterLoad Is) Ask(Func<EmitterLoad?, EmitterLoad> change)
    {
        lock (_lock)
        {
            var was = _now.Stand.Load;
            var now = change(was);
            _now = _now with { Stand = _now.Stand with { Load = now } };
            return (was is null ? null : OfNow(was), OfNow(now));
        }

        // The state holds the profile, the emitter tells what it comes to.
        EmitterLoad OfNow(EmitterLoad load) =>
            load.RateProfile is null ? load : load with { EventsPerSecond = _now.Emitter?.TargetPerSecond };
    }

    public void Update(ServiceStatus service) => Publish(now => now with
    {
        Cause = StandDocumentCause.Service,
        Service = service,
        Stand = now.Stand with { Services = [.. now.Stand.Services.Select(old => old.Name == service.Name ? service : old)] },
    });

    public void Emitted(EmitterSummary emitter) => Publish(now => now with { Cause = StandDocumentCause.Emitter, Emitter = emitter });

    public void Flows(StandStatus flow) => Publish(now => now with
    {
        Cause = StandDocumentCause.Flow,
        Flow = flow,
        FlowTrouble = null,
        Stand = WithTroubles(now.Stand, flow),
    });

    /// <summary>Told once, however often it is said, until the flow is known again.</summary>
    /// <param name="trouble">Why nobody knows what flows, in one sentence.</param>
    public void FlowIsUnknown(string trouble) => Publish(now => now.FlowTrouble == trouble
        ? now
        : now with { Cause = StandDocumentCause.FlowTrouble, Flow = null, FlowTrouble = trouble });

    /// <returns>
    /// The state itself where it says so already: it is not written each second. Nothing new is known while a server is away.
    /// </returns>
    static StandState WithTroubles(StandState stand, StandStatus flow)
    {
        if (flow is not { KafkaTrouble: null, ClickHouseTrouble: null }) return stand;
        List<StreamTrouble> troubles =
            [.. from stream in flow.Streams where stream.Trouble is not null select new StreamTrouble(stream.Topic, stream.Trouble!)];
        return troubles.SequenceEqual(stand.Troubles) ? stand : stand with { Troubles = troubles };
    }

    /// <summary>Hears of every change from now on, until it is disposed.</summary>
    public StandWatch Watch()
    {
        lock (_lock)
        {
            var watch = new StandWatch(Forget, since: _now.Number);
            _watches.Add(watch);
            return watch;
        }
    }

    void Forget(StandWatch watch)
    {
        lock (_lock) _watches.Remove(watch);
    }

    /// <summary>Returns when the state file tells what is so now, or a disk that hangs has had its time.</summary>
    public Task SavedAsync() => _keeper.SavedAsync();

    /// <summary>The stand is down: no watch hears any more, and the state file is deleted.</summary>
    public Task EndAsync()
    {
        lock (_lock)
            foreach (var watch in _watches) watch.End();
        return _keeper.DeleteAsync();
    }

    /// <param name="change">Makes the next document, or gives the last one back where nothing has changed.</param>
    void Publish(Func<StandDocument, StandDocument> change)
    {
        lock (_lock)
        {
            var before = _now;
            var after = change(before);
            if (ReferenceEquals(after, before)) return;
            _now = after with { Number = before.Number + 1 };
            foreach (var watch in _watches) watch.Offer(_now);
            if (before.Stand != _now.Stand) _keeper.Touch();
        }
    }
}
