using System.Globalization;
using Confluent.Kafka;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Supervision;
using Millrace.Streams;
using Millrace.Streams.Acknowledgements;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Cli.Drills;

/// <summary>
/// Does something bad to a stand that is up, under load, and finds out whether anything was lost or stored twice. What it goes by is what
/// Kafka acknowledged to its own producer, and an audit of all that the topics hold.
/// </summary>
/// <param name="tell">Is told of each thing that is done or seen.</param>
/// <param name="timeline">Watches meanwhile; null where nobody wants one.</param>
sealed class DrillRun(
    DrillPlan plan, StandPaths paths, StandEndpoints endpoints, StreamCatalog catalog, Action<DrillEvent> tell, DrillTimeline? timeline,
    TimeProvider time)
{
    /// <summary>Between two looks at a stand that is not well yet: it bounds how exact a time of recovery is.</summary>
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    readonly StateFile _state = new(paths.State);
    readonly List<DrillStrike> _strikes = [];
    readonly List<string> _sentences = [];
    DrillVerdict? _judged; // all up to the last step

    /// <param name="tellStep">Is told how each drill of several ended.</param>
    /// <param name="cancellation">Ends it early: what was struck by then is judged.</param>
    /// <exception cref="CliException">The stand is down or not well, or its supervisor refuses.</exception>
    public async Task<DrillVerdict> RunAsync(Action<DrillVerdict> tellStep, CancellationToken cancellation)
    {
        var (started, began) = (time.GetUtcNow(), time.GetTimestamp());
        foreach (var sentence in plan.Announcement) Tell(DrillEvent.Plan, sentence);
        var judge = await DrillJudge.OfWellStandAsync(endpoints, catalog, cancellation);
        await using var load = new DrillLoad(endpoints, catalog, plan.EventsPerSecond);
        using var probe = new RecoveryProbe(endpoints, catalog);
        using var ended = new CancellationTokenSource();
        var watching = timeline?.WatchAsync(load, ended.Token) ?? Task.CompletedTask;
        try
        {
            await UntilRowsComeAsync(load, probe, cancellation);
            foreach (var step in plan.Steps)
            {
                var stepBegan = time.GetUtcNow();
                var isWell = await StrikeAllAsync(step, load, probe, cancellation);
                if (plan.Steps.Count > 1) tellStep(await JudgeStepAsync(step, judge, load, probe, stepBegan));
                if (!isWell) break;
            }
        }
        catch (Exception e) when (e is CliException or ClickHouseTroubleException && _strikes.Count > 0)
        {
            // The supervisor or ClickHouse refuses, or is gone: what was done by then is judged all the same.
            Fail(e.Message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Tell(
                DrillEvent.Stopped,
                $"Stopped: what was done by now is judged once it is read, in {Humanize.Duration(plan.Within)} at most.");
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
        }
        await load.StopAsync();
        var promised = load.Promised;
        await UntilReadAsync(promised, probe);
        var verdict = await judge.JudgeAsync(new DrillVerdict(plan.Name, started, _strikes, _sentences), promised);
        verdict = verdict with { Seconds = Seconds(began), Stopped = cancellation.IsCancellationRequested };
        await MarkAsync(verdict.Passed ? "the drill has ended: nothing lost, nothing stored twice" : "the drill has failed");
        return verdict;
    }

    async Task UntilRowsComeAsync(DrillLoad load, RecoveryProbe probe, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (!await probe.HasRowFromAsync(FirstOf(load), cancellation))
        {
            if (load.HasEnded) await load.StopAsync();
            if (time.GetElapsedTime(began) > plan.Within)
                throw new CliException(ExitCodes.Failed, $"No row came within {Humanize.Duration(plan.Within)}, so nothing was done: "
                    + $"see  {Self.Command} ps");
            await Task.Delay(Look, time, cancellation);
        }
    }

    /// <returns>false when it was not well again in time: another strike would tell nothing.</returns>
    async Task<bool> StrikeAllAsync(DrillStep step, DrillLoad load, RecoveryProbe probe, CancellationToken cancellation)
    {
        await Task.Delay(step.Wait, time, cancellation);
        for (var i = 1; i <= step.Times; i++)
        {
            if (i > 1) await Task.Delay(step.Pause, time, cancellation);
            var (stand, text) = (Stand, step.TextOf(i));
            await MarkAsync(text, step.Strike.Service);
            Tell(DrillEvent.Struck, text);
            var began = time.GetTimestamp();
            _strikes.Add(new DrillStrike(time.GetUtcNow(), text, null, null));
            await step.Strike.StrikeAsync(new DrillTarget(paths, stand, endpoints, load.Rate), cancellation);
            if (step.Strike.Lasts) began = time.GetTimestamp();
            // Not earlier: a service that is stopped in order stores what it has.
            var before = EndOf(load);
            if (!await RecoverAsync(step.Strike, text, stand, began, before, load, probe, cancellation)) return false;
        }
        return true;
    }

    /// <param name="began">From when it counts, a timestamp of the clock.</param>
    /// <param name="after">Behind the last record that was acknowledged then, by partition.</param>
    /// <returns>false when it was not well again in time.</returns>
    async Task<bool> RecoverAsync(
        Strike strike, string text, StandState before, long began, IReadOnlyDictionary<TopicPartition, long> after, DrillLoad load,
        RecoveryProbe probe, CancellationToken cancellation)
    {
        var (firstRow, recovery) = ((double?)null, (double?)null);
        IReadOnlyList<AcknowledgedPartition>? due = null;
        while (firstRow is null || recovery is null)
        {
            if (time.GetElapsedTime(began) > plan.Within) break;
            if (firstRow is null && await probe.HasRowFromAsync(after, cancellation)) firstRow = Seconds(began);
            if (due is null && ServicesRun(strike, before)) due = load.Acknowledged.Snapshot();
            if (recovery is null && due is not null && await probe.HasReadAsync(due)) recovery = Seconds(began);
            if (firstRow is null || recovery is null) await Task.Delay(Look, time, cancellation);
        }
        _strikes[^1] = _strikes[^1] with { FirstRowSeconds = firstRow, RecoverySeconds = recovery };
        if (firstRow is { } row && recovery is { } well)
        {
            Tell(DrillEvent.Recovered, string.Create(
                CultureInfo.InvariantCulture, $"a new row after {row:0.0} s, all that was acknowledged read after {well:0.0} s"));
            return true;
        }
        var why = due is null ? "a service does not run"
            : firstRow is null ? "no new row came"
            : "not all that was acknowledged was read";
        Fail($"The stand was not well {Humanize.Duration(plan.Within)} after  {text}: {why}.");
        return false;
    }

    static Dictionary<TopicPartition, long> FirstOf(DrillLoad load) =>
        load.Acknowledged.Snapshot().ToDictionary(partition => partition.Partition, partition => partition.Ranges[0].From);

    static Dictionary<TopicPartition, long> EndOf(DrillLoad load) =>
        load.Acknowledged.Snapshot().ToDictionary(partition => partition.Partition, partition => partition.End);

    /// <summary>What came of it alone, while the load goes on.</summary>
    async Task<DrillVerdict> JudgeStepAsync(DrillStep step, DrillJudge judge, DrillLoad load, RecoveryProbe probe, DateTimeOffset began)
    {
        var promised = load.Promised;
        await UntilReadAsync(promised, probe);
        var all = await judge.JudgeAsync(new DrillVerdict(step.Strike.Name, began, [.. _strikes], [.. _sentences]), promised);
        var own = all.Since(_judged) with { Kind = DrillVerdict.OfStep, Seconds = Math.Round((time.GetUtcNow() - began).TotalSeconds, 2) };
        _judged = all.Lost is not null ? all
            : (_judged ?? all.WithoutCounts) with { Strikes = all.Strikes, Sentences = [.. _sentences] };
        return own;
    }

    void Fail(string sentence)
    {
        _sentences.Add(sentence);
        Tell(DrillEvent.NotRecovered, sentence);
    }

    /// <summary>Whether all that ran before run, and the one that was replaced is another process.</summary>
    bool ServicesRun(Strike strike, StandState before)
    {
        var now = _state.ReadLive()?.Services.ToDictionary(service => service.Name);
        return now is not null && before.Services.Where(service => service.State == ServiceState.Running).All(service =>
            // An emitter that was told to end after so many events has its own reason not to run.
            (now[service.Name].State == ServiceState.Finished && service.Name != strike.Service)
            || (now[service.Name] is { State: ServiceState.Running, Process.IsAlive: true } running
            && !(strike.Replaces && service.Name == strike.Service && running.Process == service.Process)));
    }

    /// <summary>So that what is not stored by then is lost, and does not wait.</summary>
    async Task UntilReadAsync(DrillPromise promised, RecoveryProbe probe)
    {
        var began = time.GetTimestamp();
        while (!await probe.HasReadAsync(promised.Acknowledged))
        {
            if (time.GetElapsedTime(began) > plan.Within)
            {
                _sentences.Add($"Not all that was acknowledged was read {Humanize.Duration(plan.Within)} after the last event: "
                    + "what is told as lost may only wait.");
                return;
            }
            await Task.Delay(Look, time, CancellationToken.None);
        }
    }

    StandState Stand => _state.ReadLive() ?? throw new CliException(
        ExitCodes.NotRunning, $"The stand on {paths.Data} is down, so the drill ends: see  {Self.Command} ps");

    /// <summary>For whoever watches; a supervisor of an older millrace knows no marks.</summary>
    async Task MarkAsync(string text, string service = "")
    {
        try
        {
            await ControlClient.AskAsync(
                paths, Stand, new ControlRequest(ControlRequest.Mark, service) { Text = text }, static _ => { },
                CancellationToken.None);
        }
        catch (CliException)
        {
            // The drill goes on without, and whatever asks the stand next says why it does not answer.
        }
    }

    double Seconds(long since) => Math.Round(time.GetElapsedTime(since).TotalSeconds, 2);

    void Tell(string kind, string text)
    {
        var seen = new DrillEvent(time.GetUtcNow(), kind, text);
        timeline?.Mark(seen);
        tell(seen);
    }
}
