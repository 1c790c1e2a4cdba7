using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Streams;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using Millrace.Streams.Status;

namespace Millrace.Cli.Supervision;

/// <summary>What a supervisor knows of its stand, for its status feed.</summary>
/// <param name="quiet">From the moment that everything is up to the first look at the servers: the first rows need the processors.</param>
sealed class SupervisedStand(StandBoard board, TimeSpan quiet, TimeProvider time) : IStandFacts
{
    long? _upAt; // a timestamp of the clock
    DateTimeOffset? _setUpAt;

    /// <summary>
    /// Looks each second, as long as <paramref name="stopping"/> is not set; the hub hands out what it sees, to the board too.
    /// </summary>
    public static async Task FeedAsync(StandBoard board, StatusHub hub, TimeSpan quiet, TimeProvider time, CancellationToken stopping)
    {
        using var own = hub.Subscribe();
        var told = TellAsync(board, own);
        await new StatusFeed(hub, new SupervisedStand(board, quiet, time), time).RunAsync(stopping);
        hub.End();
        await told;
    }

    /// <summary>When setup finished last, or is about to finish anew; null until everything is up.</summary>
    public object? Definitions
    {
        get
        {
            var stand = board.State;
            if (stand.Phase != StandPhase.Running) return null;
            _upAt ??= time.GetTimestamp();
            if (time.GetElapsedTime(_upAt.Value) < quiet) return null;
            return _setUpAt = SetUpAt(stand) ?? _setUpAt ?? stand.StartedAt;
        }
    }

    public IReadOnlyList<ServiceFacts> Services => [.. board.State.Services.Select(FactsOf)];

    /// <summary>null while none runs: what the last one did is no news.</summary>
    public EmitterSummary? Emitter =>
        board.State.Services.Any(service => service is { Name: ServiceNames.Emitter, State: ServiceState.Running }) ? board.Emitter : null;

    public IReadOnlyList<StandEvent> TakeMarks() => board.TakeMarks();

    public StandStatusReader Open()
    {
        var stand = board.State;
        var endpoints = new UnresolvedEndpoints(stand.Kafka!, stand.ClickHouse!, stand.Profile, stand.Identity ?? StandIdentity.Default);
        return new StandStatusReader(endpoints.Resolve(), StreamCatalog.Load(stand.Streams), time);
    }

    static async Task TellAsync(StandBoard board, StatusSubscription status)
    {
        await foreach (var document in status.ReadAllAsync(CancellationToken.None))
            if (document.Flow is { } flow) board.Flows(flow);
            else if (document.Trouble is { } trouble) board.FlowIsUnknown(trouble);
    }

    static DateTimeOffset? SetUpAt(StandState stand) =>
        stand.Services.FirstOrDefault(service => service is { Name: ServiceNames.Setup, State: ServiceState.Finished })?.Since;

    static ServiceFacts FactsOf(ServiceStatus service) => new(
        service.Name, StateWord.Of(service.State), service.Process?.Pid, service.Since, service.Restarts, service.Endpoint,
        service.LastExit, service.Process?.ResidentBytes ?? 0, service.Process?.CpuSeconds ?? 0);
}
