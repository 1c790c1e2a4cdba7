using System.Globalization;
using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;
using Millrace.Streams.Setup;

namespace Millrace.Streams.Letters;

/// <summary>
/// Sends the dead letters of one stream again: the second way into a table (docs/decisions/0018-dead-letters-sent-again.md). May be killed
/// anywhere, and begun again.
/// </summary>
public sealed class LetterRetry
{
    /// <summary>Letters for which the lock is held at a time: some seconds.</summary>
    const int BatchSize = 1_000_000;

    readonly StandEndpoints _endpoints;
    readonly StreamDefinition _stream;
    readonly string _table;
    readonly LetterFilter _filter;
    readonly long? _limit;
    readonly TimeProvider _time;
    readonly ClickHouseClient _client;
    readonly KafkaQuestions _kafka;
    readonly int _batchSize;

    LetterRetry(
        StandEndpoints endpoints, RetrySource source, LetterFilter filter, long? limit, TimeProvider time, ClickHouseClient client,
        KafkaQuestions kafka, int batchSize)
    {
        (_endpoints, _stream, _table, _filter, _limit) = (endpoints, source.Stream, source.Table, filter, limit);
        (_time, _client, _kafka, _batchSize) = (time, client, kafka, batchSize);
    }

    /// <param name="limit">At most so many become rows; null: all that pass.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <exception cref="LettersRefusedException">ClickHouse does not hold the stream as it is defined.</exception>
    /// <exception cref="DdlRefusedException">A table is another stand's, or can't become what the definition says.</exception>
    /// <exception cref="TopicRecreatedException">The topic is not the one whose rows are stored.</exception>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static Task<RetryReport> RunAsync(
        StandEndpoints endpoints, RetrySource source, LetterFilter filter, long? limit, Action<RetryReport>? progress,
        TimeProvider time, CancellationToken cancellation) =>
        RunAsync(endpoints, source, filter, limit, progress, BatchSize, time, cancellation);

    internal static async Task<RetryReport> RunAsync(
        StandEndpoints endpoints, RetrySource source, LetterFilter filter, long? limit, Action<RetryReport>? progress, int batchSize,
        TimeProvider time, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        await using var kafka = new KafkaQuestions(endpoints, KafkaClientProperties.AnswerLimit);
        var retry = new LetterRetry(endpoints, source, filter, limit, time, client, kafka, batchSize);
        return await retry.RunAsync(progress, cancellation).ConfigureAwait(false);
    }

    /// <summary>Changes nothing, and says what a retry would do now by the definition that is given, be it set up or not.</summary>
    /// <exception cref="LettersRefusedException">ClickHouse does not hold the stream.</exception>
    /// <exception cref="TopicRecreatedException">The topic is not the one whose rows are stored.</exception>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<RetryReport> ForecastAsync(
        StandEndpoints endpoints, RetrySource source, LetterFilter filter, long? limit, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        await using var kafka = new KafkaQuestions(endpoints, KafkaClientProperties.AnswerLimit);
        var retry = new LetterRetry(endpoints, source, filter, limit, TimeProvider.System, client, kafka, BatchSize);
        return await retry.ForecastAsync(cancellation).ConfigureAwait(false);
    }

    async Task<RetryReport> RunAsync(Action<RetryReport>? progress, CancellationToken cancellation)
    {
        var (report, range) = (RetryReport.Of(_stream, _table), default((long From, long To)?));
        for (LetterEnd? from = null; ;)
        {
            var batch = await SetupLock.HoldAsync(_client, _time, ended => RunBatchAsync(from, report.Passed, ended), cancellation)
                .ConfigureAwait(false);
            report = batch.AddTo(report, hasRoom: _limit is null || report.Passed + batch.Found.Rows < _limit);
            if (batch.Found is { Rows: > 0, Range: var (lowest, highest) })
                range = (Math.Min(range?.From ?? lowest, lowest), Math.Max(range?.To ?? 0, highest));
            progress?.Invoke(report);
            from = batch.End;
            if (from is null || report.Passed >= _limit) break;
        }
        if (range is { } marked)
            await SetupLock.HoldAsync(_client, _time, async ended =>
            {
                await LetterMarks.RetriedAsync(_client, _table, _stream, marked, _time, ended).ConfigureAwait(false);
                return true;
            }, cancellation).ConfigureAwait(false);
        return report;
    }

    async Task<Batch> RunBatchAsync(LetterEnd? from, long passed, CancellationToken cancellation)
    {
        var state = await DatabaseState.ReadAsync(_client, cancellation).ConfigureAwait(false);
        RequireSetUp(state);
        if (from is null)
        {
            await RequireSameTopicAsync(state, cancellation).ConfigureAwait(false);
            await LetterMarks.RequireSoundAsync(_client, _table, _time, cancellation).ConfigureAwait(false);
        }
        var bounds = await LetterBounds.ReadAsync(_client, _kafka, _endpoints.Identity.Group, _stream, cancellation).ConfigureAwait(false);
        var (end, condition) = await NextBatchAsync(from, cancellation).ConfigureAwait(false);
        var before = await CountAsync(condition, bounds, cancellation).ConfigureAwait(false);
        var most = _limit - passed - before.Rows;
        if (before.Others > 0 && most is null or > 0)
        {
            var sql = LetterSql.Insert(_stream, _table, Missing(condition, bounds, before), most);
            await new SecondWay(_client, _endpoints, _time).InsertAsync(_stream.TargetTable, sql, cancellation).ConfigureAwait(false);
        }
        var after = before.Letters == 0
            ? before
            : await CountAsync(condition, bounds, cancellation, before.Range).ConfigureAwait(false);
        return new Batch(after, end);
    }

    async Task<RetryReport> ForecastAsync(CancellationToken cancellation)
    {
        var state = await DatabaseState.ReadAsync(_client, cancellation).ConfigureAwait(false);
        if (state.Find(_stream.TargetTable) is null || state.Find(_table) is null) throw NotSetUp();
        await RequireSameTopicAsync(state, cancellation).ConfigureAwait(false);
        var bounds = await LetterBounds.ReadAsync(_client, _kafka, _endpoints.Identity.Group, _stream, cancellation).ConfigureAwait(false);
        var condition = _filter.WaitingSql(_stream.Topic);
        var counted = await CountAsync(condition, bounds, cancellation).ConfigureAwait(false);
        var verdicts = await _client.QueryAsync<VerdictRow>(
            LetterSql.Verdicts(_stream, _table, Missing(condition, bounds, counted)), cancellation: cancellation).ConfigureAwait(false);
        var passing = counted.Rows + verdicts.Where(row => row.Kind == "").Sum(row => row.Letters);
        var failing = verdicts.Where(row => row.Kind != "").ToList();
        var passed = Math.Min(passing, _limit ?? passing);
        return RetryReport.Of(_stream, _table) with
        {
            DryRun = true,
            Letters = counted.Letters,
            Passed = passed,
            Ahead = counted.Ahead,
            Failed = failing.Sum(row => row.Letters),
            Untried = passing - passed + counted.HeadersUnknown,
            HeadersUnknown = counted.HeadersUnknown,
            Reasons = [.. failing.Select(row => new ReasonCount(row.Kind, row.Letters))],
        };
    }

    void RequireSetUp(DatabaseState state)
    {
        var chain = new StreamChain(_stream, _endpoints);
        if (state.Find(_stream.TargetTable) is null || state.Find(_table) is null) throw NotSetUp();
        if (!chain.IsSetUp(state) || DeadLettersChange.Statements(_stream.DeadLetterTable, chain.Stand, state).Any())
            throw new LettersRefusedException(
                $"stream {_stream.Name} was set up by another definition than it has now: carry the edit out (apply), then retry");
    }

    LettersRefusedException NotSetUp() =>
        new($"stream {_stream.Name} is not set up in ClickHouse yet: carry its definition out first (apply)");

    Task RequireSameTopicAsync(DatabaseState state, CancellationToken cancellation) =>
        RecreatedTopicCheck.RequireSameAsync(_client, _kafka, _endpoints, _stream, state, cancellation);

    /// <summary>By the order key of the dead letters: what is past the last one is found without a look at the others.</summary>
    async Task<(LetterEnd? End, string Condition)> NextBatchAsync(LetterEnd? from, CancellationToken cancellation)
    {
        var rest = _filter.WaitingSql(_stream.Topic) + (from is null ? "" : $" AND {from.IsAfter}");
        var found = await _client.QueryAsync<LetterEnd>(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                SELECT kafka_partition AS partition, kafka_offset AS offset FROM {_table} WHERE {rest}
                ORDER BY kafka_topic, kafka_partition, kafka_offset LIMIT 1 OFFSET {_batchSize - 1}
                """),
            cancellation: cancellation).ConfigureAwait(false);
        return found is [var end] ? (end, $"{rest} AND NOT {end.IsAfter}") : (null, rest);
    }

    async Task<CountRow> CountAsync(
        string condition, LetterBounds bounds, CancellationToken cancellation, (long From, long To)? known = null)
    {
        var range = known ?? (await _client.QueryAsync<RangeRow>(
            $"SELECT min(kafka_offset) AS lowest, max(kafka_offset) AS highest FROM {_table} WHERE {condition}",
            cancellation: cancellation).ConfigureAwait(false)).Select(row => (row.Lowest, row.Highest)).Single();
        var rows = await _client.QueryAsync<CountRow>(
            $"""
            SELECT count() AS letters, countIf(is_row) AS rows, countIf(NOT is_row AND is_known AND is_ahead) AS ahead,
                countIf(NOT is_row AND NOT is_known) AS headers_unknown, min(kafka_offset) AS lowest, max(kafka_offset) AS highest
            FROM
            (
                SELECT kafka_offset, {LetterPlace.IsIn(_stream.TargetTable, _stream.Topic, range)} AS is_row, {bounds.IsAhead} AS is_ahead,
                    {IsKnown} AS is_known
                FROM {_table} WHERE {condition}
            )
            """,
            cancellation: cancellation).ConfigureAwait(false);
        return rows.Single();
    }

    /// <summary>The condition for letters that the definition of now may try.</summary>
    string Missing(string condition, LetterBounds bounds, CountRow counted) =>
        $"{condition} AND {IsKnown} AND NOT ({bounds.IsAhead}) "
            + $"AND NOT {LetterPlace.IsIn(_stream.TargetTable, _stream.Topic, counted.Range)}";

    /// <summary>The condition for letters that have all of which the columns are read.</summary>
    string IsKnown => _stream.ReadColumns.Any(column => column.Source is ColumnSource.Header) ? DeadLettersSql.HeadersKept : "true";

    /// <summary>The last letter of a batch.</summary>
    sealed record LetterEnd(int Partition, long Offset)
    {
        public string IsAfter => LetterPlace.IsAfter(Partition, Offset);
    }

    sealed record Batch(CountRow Found, LetterEnd? End)
    {
        /// <param name="hasRoom">The limit is not reached: what is neither row nor ahead was tried.</param>
        public RetryReport AddTo(RetryReport report, bool hasRoom) => report with
        {
            Letters = report.Letters + Found.Letters,
            Passed = report.Passed + Found.Rows,
            Ahead = report.Ahead + Found.Ahead,
            Failed = report.Failed + (hasRoom ? Found.Others : 0),
            Untried = report.Untried + Found.HeadersUnknown + (hasRoom ? 0 : Found.Others),
            HeadersUnknown = report.HeadersUnknown + Found.HeadersUnknown,
        };
    }

    sealed record RangeRow(long Lowest, long Highest);

    sealed record CountRow(long Letters, long Rows, long Ahead, long HeadersUnknown, long Lowest, long Highest)
    {
        /// <summary>Those that the definition of now is asked about.</summary>
        public long Others => Letters - Rows - Ahead - HeadersUnknown;

        public (long From, long To) Range => (Lowest, Highest);
    }

    sealed record VerdictRow(string Kind, long Letters);
}
