namespace Millrace.Streams.Status;

/// <summary>What has happened between two looks at a stand.</summary>
static class StandEvents
{
    const string Finished = "finished";

    /// <param name="before">null before the first look, of which nothing can be told.</param>
    /// <param name="paused">
    /// By topic, whether it was paused when that was last known: it may have been unknown for a while before <paramref name="now"/>.
    /// </param>
    public static IReadOnlyList<StandEvent> Between(
        StatusDocument? before, IReadOnlyList<ServiceFacts> services, StandStatus? flow, IReadOnlyDictionary<string, bool> paused,
        DateTimeOffset now)
    {
        if (before is null) return [];
        var known = before.Services.ToDictionary(service => service.Name);
        var changes = services
            .Where(service => known.ContainsKey(service.Name))
            .SelectMany(service => OfService(known[service.Name], service));
        return [.. changes, .. OfStreams(before.Flow, flow, paused, now)];
    }

    static IEnumerable<StandEvent> OfService(ServiceFacts before, ServiceFacts now)
    {
        var isAnother = now.Pid is not null && now.Pid != before.Pid;
        var died = now.Restarts > before.Restarts || (now.State is "restarting" or "failed" && before.State != now.State);
        if (died) yield return new StandEvent(now.Since, StandEvent.Died, now.Name, now.LastExit ?? "it ended");
        if (now.State == StandEvent.Stopped && before.State != now.State)
            yield return new StandEvent(now.Since, StandEvent.Stopped, now.Name, "stopped");
        if (now.State == ServiceFacts.Running && (before.State != ServiceFacts.Running || isAnother))
            yield return new StandEvent(now.Since, StandEvent.Ready, now.Name, now.Pid is { } pid ? $"ready, pid {pid}" : "ready");
        if (now.State == Finished && (before.State != Finished || now.Since != before.Since))
        {
            var kind = now.LastExit == StandEvent.SchemaChange ? StandEvent.SchemaChange : StandEvent.SetUp;
            yield return new StandEvent(now.Since, kind, now.Name, Finished);
        }
    }

    static IEnumerable<StandEvent> OfStreams(
        StandStatus? before, StandStatus? flow, IReadOnlyDictionary<string, bool> paused, DateTimeOffset now)
    {
        var known = before?.Streams.ToDictionary(stream => stream.Topic);
        foreach (var stream in flow?.Streams ?? [])
        {
            var last = known?.GetValueOrDefault(stream.Topic);
            if (stream.Trouble is { } trouble && trouble != last?.Trouble)
                yield return new StandEvent(now, StandEvent.InTrouble, stream.Topic, trouble);
            if (stream.Paused is { } isPaused && paused.TryGetValue(stream.Topic, out var wasPaused) && isPaused != wasPaused)
                yield return isPaused
                    ? new StandEvent(now, StandEvent.IsPaused, stream.Topic, "its records wait")
                    : new StandEvent(now, StandEvent.IsResumed, stream.Topic, "its records are read");
        }
    }
}
