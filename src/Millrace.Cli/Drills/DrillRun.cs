using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Supervision;
using Millrace.Streams;
using Millrace.Streams.Acknowledgements;
using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Cli.Drills;

/// <summary>
/// Does something bad to a stand that is up, under load, and finds out whether anything was lost or stored twice. What it goes by is what
/// Kafka acknowledged to its own producer, and an audit of all that the topics hold.
/// </summary>
/// <param name="tell">Is told of each thing that is done or seen.</param>
sealed class DrillRun(
    DrillPlan plan, StandPaths paths, StandEndpoints endpoints, StreamCatalog catalog, Action<DrillEvent> tell, TimeProvider time)
{
    /// <summary>Between two looks at a stand that is not well yet: it bounds how exact a time of recovery is.</summary>
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    readonly StateFile _state = new(paths.State);
    readonly List<DrillStrike> _strikes = [];
    readonly List<string> _sentences = [];

    /// <param name="cancellation">Ends it early: what was struck by then is judged.</param>
    /// <exception cref="CliException">The stand is down or not well, or its supervisor refuses.</exception>
    public async Task<DrillVerdict> RunAsync(CancellationToken cancellation)
    {
        var (started, began) = (time.GetUtcNow(), time.GetTimestamp());
        Tell(DrillEvent.Plan, Announcement());
        var letters = LettersOf(await RequireWellAsync(cancellation));
        await using var load = new DrillLoad(endpoints, catalog, plan.EventsPerSecond);
        using var probe = new RecoveryProbe(endpoints, catalog);
        try
        {
            await UntilRowsComeAsync(load, probe, started, cancellation);
            await StrikeAllAsync(load, probe, cancellation);
        }
        catch (CliException e) when (_strikes.Count > 0)
        {
            // The supervisor refuses, or is gone: what was done by then is judged all the same.
            Fail(e.Message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Tell(
                DrillEvent.Stopped,
                $"Stopped: what was done by now is judged once it is read, in {Humanize.Duration(plan.Within)} at most.");
        }
        await load.StopAsync();
        await UntilReadAsync(load, probe);
        var verdict = await JudgeAsync(load, letters, started, began);
        await MarkAsync(verdict.Passed ? "the drill has ended: nothing lost, nothing stored twice" : "the drill has failed");
        return verdict with { Stopped = cancellation.IsCancellationRequested };
    }

    string Announcement()
    {
        var times = plan.Times == 1 ? "" : string.Create(
            CultureInfo.InvariantCulture, $", {plan.Times} times, {Humanize.Duration(plan.Pause)} after the stand is well again");
        return $"{plan.Strike.Text}{times}, while {Humanize.Count(plan.EventsPerSecond)} events a second of the drill's own flow";
    }

    /// <summary>What is wrong before would be taken for the drill's doing.</summary>
    async Task<AuditReport> RequireWellAsync(CancellationToken cancellation)
    {
        var audit = await StandAudit.RunAsync(endpoints, catalog, cancellation);
        if (audit.Topics.FirstOrDefault(topic => topic.Paused) is { } paused)
            throw new CliException(
                ExitCodes.Failed,
                $"{paused.Stream} is paused, so the drill's events would wait: {Self.Command} resume {paused.Stream}  first");
        if (!audit.HasTrouble) return audit;
        var why = AuditSentences.Of(audit, Self.Command);
        throw new CliException(ExitCodes.Failed, $"The stand is not well before the drill, so nothing was done: {why[0]}");
    }

    async Task UntilRowsComeAsync(DrillLoad load, RecoveryProbe probe, DateTimeOffset started, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (!await probe.HasRowSinceAsync(started, cancellation) || load.Acknowledged.IsEmpty)
        {
            if (load.HasEnded) await load.StopAsync();
            if (time.GetElapsedTime(began) > plan.Within)
                throw new CliException(ExitCodes.Failed, $"No row came within {Humanize.Duration(plan.Within)}, so nothing was done: "
                    + $"see  {Self.Command} ps");
            await Task.Delay(Look, time, cancellation);
        }
    }

    async Task StrikeAllAsync(DrillLoad load, RecoveryProbe probe, CancellationToken cancellation)
    {
        for (var i = 1; i <= plan.Times; i++)
        {
            if (i > 1) await Task.Delay(plan.Pause, time, cancellation);
            var stand = Stand;
            var text = plan.Times == 1 ? plan.Strike.Text : string.Create(
                CultureInfo.InvariantCulture, $"{plan.Strike.Text} ({i} of {plan.Times})");
            await MarkAsync(text);
            Tell(DrillEvent.Struck, text);
            var began = time.GetTimestamp();
            _strikes.Add(new DrillStrike(time.GetUtcNow(), text, null, null));
            await plan.Strike.StrikeAsync(paths, stand, load.Rate, cancellation);
            if (!await RecoverAsync(text, stand, plan.Strike.Lasts ? time.GetTimestamp() : began, load, probe, cancellation)) return;
        }
    }

    /// <param name="began">From when it counts, a timestamp of the clock.</param>
    /// <returns>false when it was not well again in time: another strike would tell nothing.</returns>
    async Task<bool> RecoverAsync(
        string text, StandState before, long began, DrillLoad load, RecoveryProbe probe, CancellationToken cancellation)
    {
        var struck = time.GetUtcNow();
        var (firstRow, recovery) = ((double?)null, (double?)null);
        IReadOnlyList<AcknowledgedPartition>? due = null;
        while (firstRow is null || recovery is null)
        {
            if (time.GetElapsedTime(began) > plan.Within) break;
            if (firstRow is null && await probe.HasRowSinceAsync(struck, cancellation)) firstRow = Seconds(began);
            if (due is null && ServicesRun(before)) due = load.Acknowledged.Snapshot();
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

    void Fail(string sentence)
    {
        _sentences.Add(sentence);
        Tell(DrillEvent.NotRecovered, sentence);
    }

    /// <summary>Whether all that ran before run, and the one that was replaced is another process.</summary>
    bool ServicesRun(StandState before)
    {
        var now = _state.ReadLive()?.Services.ToDictionary(service => service.Name);
        return now is not null && before.Services.Where(service => service.State == ServiceState.Running).All(service =>
            // An emitter that was told to end after so many events has its own reason not to run.
            (now[service.Name].State == ServiceState.Finished && service.Name != plan.Strike.Service)
            || (now[service.Name] is { State: ServiceState.Running, Process.IsAlive: true } running
            && !(plan.Strike.Replaces && service.Name == plan.Strike.Service && running.Process == service.Process)));
    }

    /// <summary>So that what is not stored by then is lost, and does not wait.</summary>
    async Task UntilReadAsync(DrillLoad load, RecoveryProbe probe)
    {
        var (began, due) = (time.GetTimestamp(), load.Acknowledged.Snapshot());
        while (!await probe.HasReadAsync(due))
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

    async Task<DrillVerdict> JudgeAsync(DrillLoad load, long lettersBefore, DateTimeOffset started, long began)
    {
        var verdict = new DrillVerdict(plan.Strike.Name, started, _strikes, _sentences)
        {
            Failed = load.Failed,
            Malformed = load.Malformed,
        };
        try
        {
            verdict = Judged(
                verdict, await AcknowledgedCheck.RunAsync(endpoints, catalog, load.Acknowledged, CancellationToken.None),
                await StandAudit.RunAsync(endpoints, catalog, CancellationToken.None), lettersBefore);
        }
        catch (Exception e) when (e is KafkaUnavailableException or ClickHouseUnavailableException or ClickHouseException)
        {
            _sentences.Add($"What became of the events is not known: {e.Message}. {Self.Command} audit  says it once the stand is well.");
        }
        return verdict with { Seconds = Seconds(began) };
    }

    DrillVerdict Judged(DrillVerdict verdict, AcknowledgedReport found, AuditReport audit, long lettersBefore)
    {
        _sentences.AddRange(found.Partitions.Select(Sentence));
        var letters = LettersOf(audit) - lettersBefore;
        if (letters < verdict.Malformed)
            _sentences.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{verdict.Malformed:N0} malformed events were acknowledged, and {letters:N0} dead letters came."));
        _sentences.AddRange(AuditSentences.Of(audit, Self.Command));
        var partitions = audit.Topics.SelectMany(topic => topic.Partitions).ToList();
        return verdict with
        {
            Acknowledged = found.Records,
            WithoutOffset = found.WithoutOffset,
            Stored = found.Stored,
            Lost = found.Lost,
            Missing = partitions.Sum(partition => partition.Missing + partition.Gone),
            StoredTwice = partitions.Sum(partition => partition.StoredTwice),
            DeadLetters = letters,
        };
    }

    static long LettersOf(AuditReport audit) =>
        audit.Topics.Sum(topic => topic.Partitions.Sum(partition => partition.DeadLetters + partition.DroppedLetters));

    static string Sentence(LostRecords lost)
    {
        var places = lost.UnstoredRanges.Count == 0 ? "" : $", offset {string.Join(", ", lost.UnstoredRanges)}"
            + (lost.UnstoredRanges.Sum(range => range.Count) < lost.Unstored ? ", ..." : "");
        var forgotten = lost.GivenTwice.Count == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"; the broker gave {lost.GivenTwice.Count} of their offsets to other records, from {lost.GivenTwice[0]}");
        var others = lost.GivenToOthers.Count == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"; at {lost.GivenToOthers.Count} of their offsets another producer's record is stored, from {lost.GivenToOthers[0]}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{lost.Count:N0} acknowledged events of {lost.Topic}, partition {lost.Partition}, are neither rows nor dead letters"
            + $"{places}{forgotten}{others}.");
    }

    StandState Stand => _state.ReadLive() ?? throw new CliException(
        ExitCodes.NotRunning, $"The stand on {paths.Data} is down, so the drill ends: see  {Self.Command} ps");

    /// <summary>For whoever watches; a supervisor of an older millrace knows no marks.</summary>
    async Task MarkAsync(string text)
    {
        try
        {
            await ControlClient.AskAsync(
                paths, Stand, new ControlRequest(ControlRequest.Mark, plan.Strike.Service) { Text = text }, static _ => { },
                CancellationToken.None);
        }
        catch (CliException)
        {
            // The drill goes on without, and whatever asks the stand next says why it does not answer.
        }
    }

    double Seconds(long since) => Math.Round(time.GetElapsedTime(since).TotalSeconds, 2);

    void Tell(string kind, string text) => tell(new DrillEvent(time.GetUtcNow(), kind, text));
}
