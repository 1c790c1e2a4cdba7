using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;
using Millrace.Streams.Letters;
using Millrace.Streams.Setup;

namespace Millrace.Streams.Replay;

/// <summary>
/// Reads records of a stream from its topic once more, and makes rows of those that a table lacks (docs/decisions/0021-replay.md). May be
/// killed anywhere, and begun again.
/// </summary>
public sealed class StreamReplay
{
    /// <summary>Of a batch, for which the lock is held: some seconds.</summary>
    const int MostRecords = 100_000;

    readonly StandEndpoints _endpoints;
    readonly StreamCatalog _catalog;
    readonly StreamDefinition _stream;
    readonly ReplayOrder _order;
    readonly TimeProvider _time;
    readonly ClickHouseClient _client;
    readonly KafkaQuestions _kafka;

    StreamReplay(
        StandEndpoints endpoints, StreamCatalog catalog, StreamDefinition stream, ReplayOrder order, TimeProvider time,
        ClickHouseClient client, KafkaQuestions kafka)
    {
        (_endpoints, _catalog, _stream, _order) = (endpoints, catalog, stream, order);
        (_time, _client, _kafka) = (time, client, kafka);
    }

    /// <param name="progress">Told at the beginning and after each batch.</param>
    /// <exception cref="ReplayRefusedException">It can't be done as asked.</exception>
    /// <exception cref="LettersRefusedException">A table of dead letters is not there, or is of an earlier version.</exception>
    /// <exception cref="DdlRefusedException">A table is another stand's, or is filled by a command that was killed.</exception>
    /// <exception cref="TopicRecreatedException">The topic is not the one whose rows are stored.</exception>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static Task<ReplayReport> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, StreamDefinition stream, ReplayOrder order, Action<ReplayProgress>? progress,
        TimeProvider time, CancellationToken cancellation) =>
        RunAsync(endpoints, catalog, stream, order, progress, MostRecords, time, cancellation);

    internal static async Task<ReplayReport> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, StreamDefinition stream, ReplayOrder order, Action<ReplayProgress>? progress,
        int mostRecords, TimeProvider time, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        await using var kafka = new KafkaQuestions(endpoints, KafkaClientProperties.AnswerLimit);
        var replay = new StreamReplay(endpoints, catalog, stream, order, time, client, kafka);
        return await replay.RunAsync(progress, mostRecords, cancellation).ConfigureAwait(false);
    }

    async Task<ReplayReport> RunAsync(Action<ReplayProgress>? progress, int mostRecords, CancellationToken cancellation)
    {
        var target = await FindTargetAsync(cancellation).ConfigureAwait(false);
        var letters = await LetterTopic.OfTopicAsync(_client, _catalog, _endpoints, _stream.Topic, cancellation).ConfigureAwait(false);
        if (!_order.IsDry) target = await PrepareAsync(target, letters, cancellation).ConfigureAwait(false);
        var bounds = target.IsOwn ? await BoundsAsync(cancellation).ConfigureAwait(false) : null;
        var partitions = await ReplayRanges.ReadAsync(_kafka, _stream.Topic, _order, bounds, cancellation).ConfigureAwait(false);
        var placed = new PlacedRecords(_client, _stream.Topic, target.FilledTable, [.. letters.Select(one => one.Table)]);
        var (total, range) = (partitions.Sum(one => one.To - one.From), default((long From, long To)?));
        var report = ReplayReport.Of(target.Stream, _order, partitions);
        progress?.Invoke(new ReplayProgress(0, total, report));
        await new ReplaySource(_client, _endpoints, _stream.Topic, target.FilledTable, mostRecords).ReadAsync(partitions, async batch =>
        {
            report = (await TakeAsync(target, placed, batch, bounds, cancellation).ConfigureAwait(false)).AddTo(report, batch);
            if (batch is { Records: > 0, Range: var (from, to) })
                range = (Math.Min(range?.From ?? from, from), Math.Max(range?.To ?? to, to));
            progress?.Invoke(new ReplayProgress(batch.Done, total, report));
        }, cancellation).ConfigureAwait(false);
        if (!_order.IsDry && target.IsOwn && range is { } read) await MarkAsync(placed, read, cancellation).ConfigureAwait(false);
        return report;
    }

    /// <summary>To be asked again under the lock: a setup may have come between.</summary>
    async Task<ReplayTarget> FindTargetAsync(CancellationToken cancellation)
    {
        var state = await DatabaseState.ReadAsync(_client, cancellation).ConfigureAwait(false);
        var target = ReplayTarget.Of(_stream, _catalog, _endpoints, _order.Into, state);
        await RecreatedTopicCheck.RequireSameAsync(_client, _kafka, _endpoints, target.Stream, state, cancellation).ConfigureAwait(false);
        return target;
    }

    async Task<ReplayTarget> PrepareAsync(ReplayTarget target, IReadOnlyList<LetterTopic> letters, CancellationToken cancellation)
    {
        if (target.IsOwn)
            foreach (var one in letters)
                await LetterMarks.RequireSoundAsync(_client, one.Table, _time, cancellation).ConfigureAwait(false);
        if (target.CreateSql is not { } create) return target;
        return await SetupLock.HoldAsync(_client, _time, async ended =>
        {
            await _client.ExecuteAsync(create, ended).ConfigureAwait(false);
            return target with { CreateSql = null };
        }, cancellation).ConfigureAwait(false);
    }

    Task<LetterBounds> BoundsAsync(CancellationToken cancellation) =>
        LetterBounds.ReadAsync(_client, _kafka, _endpoints.Identity.Group, _stream, cancellation);

    Task<BatchOutcome> TakeAsync(
        ReplayTarget target, PlacedRecords placed, ReplayBatch batch, LetterBounds? bounds, CancellationToken cancellation)
    {
        if (batch.Records == 0) return Task.FromResult(BatchOutcome.Nothing);
        if (_order.IsDry) return new ReplayForecast(_client, target, placed, bounds).RunAsync(batch, cancellation);
        return SetupLock.HoldAsync(_client, _time, async ended =>
        {
            var now = await FindTargetAsync(ended).ConfigureAwait(false);
            var below = now.IsOwn ? await BoundsAsync(ended).ConfigureAwait(false) : null;
            var secondWay = new SecondWay(_client, _endpoints, _time);
            return await new ReplayInsert(secondWay, now, placed, below).RunAsync(batch, ended).ConfigureAwait(false);
        }, cancellation);
    }

    /// <summary>Letters whose records are rows now; killed before, the next retry does it.</summary>
    async Task MarkAsync(PlacedRecords placed, (long From, long To) range, CancellationToken cancellation)
    {
        foreach (var table in await placed.UnmarkedAsync(range, cancellation).ConfigureAwait(false))
            await SetupLock.HoldAsync(_client, _time, async ended =>
            {
                await LetterMarks.RetriedAsync(_client, table, _stream, range, _time, ended).ConfigureAwait(false);
                return true;
            }, cancellation).ConfigureAwait(false);
    }
}
