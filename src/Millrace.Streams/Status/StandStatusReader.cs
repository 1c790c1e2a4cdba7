using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Status;

/// <summary>Reads the stand's status again and again, as cheaply as a live view needs it. Owns its clients; one read at a time.</summary>
public sealed class StandStatusReader : IDisposable
{
    /// <summary>A live view would rather say soon that Kafka is away than wait for it.</summary>
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);

    readonly StreamCatalog _catalog;
    readonly TimeProvider _time;
    readonly KafkaAdmin _kafka;
    readonly TopicProgressReader _topics;
    readonly ClickHouseClient _client;
    readonly TableProgressReader _tables;
    readonly OriginWatch _origin;
    readonly UnreadWatch _unread;
    readonly IReadOnlyList<LagAge> _ages;
    readonly IReadOnlyList<GrowthRate> _produced;
    readonly IReadOnlyList<GrowthRate> _inserted;

    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public StandStatusReader(StandEndpoints endpoints, StreamCatalog catalog, TimeProvider time)
    {
        _catalog = catalog;
        _time = time;
        _kafka = new KafkaAdmin(endpoints, AnswerLimit);
        _topics = new TopicProgressReader(_kafka, endpoints.Identity.Group, catalog, time);
        _client = new ClickHouseClient(endpoints);
        _tables = new TableProgressReader(_client, catalog, endpoints.Identity.Name);
        _ages = [.. catalog.Streams.Select(_ => new LagAge())];
        _produced = [.. catalog.Streams.Select(_ => RateOf(FlushPace.OfFewStreams))];
        _inserted = [.. catalog.Streams.Select(stream => RateOf(stream.FlushInterval ?? FlushPace.OfFewStreams))];
        _origin = new OriginWatch(endpoints, _kafka, _client, catalog, time);
        _unread = new UnreadWatch(_kafka, endpoints.Identity.Group, [.. catalog.Streams.Select(stream => stream.Topic)], time);
    }

    /// <summary>A server that is away leaves its part of the status unknown and says why; the other part is there all the same.</summary>
    public async Task<StandStatus> ReadAsync(CancellationToken cancellation)
    {
        var asked = ReadTopicsAsync(cancellation);
        try
        {
            var tables = await ReadTablesAsync(cancellation).ConfigureAwait(false);
            var topics = await asked.ConfigureAwait(false);
            var status = await ExplainAsync(Next(topics, tables), cancellation).ConfigureAwait(false);
            return topics.Trouble is null && tables.Trouble is null
                ? await CompareAsync(status, cancellation).ConfigureAwait(false)
                : status;
        }
        finally
        {
            // Whoever cancelled disposes of the clients next, and librdkafka does not survive being destroyed while it is asked.
            await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _kafka.Dispose();
        _client.Dispose();
    }

    StandStatus Next(Found<TopicProgress> topics, Found<TableProgress> tables)
    {
        var streams = _catalog.Streams.Select((stream, i) =>
        {
            var (topic, table) = (topics.Of(stream.Topic), tables.Of(stream.Name));
            return new StreamStatus(
                stream.Name,
                stream.Topic,
                stream.TargetTable,
                topic?.LogEndOffset,
                _produced[i].Next(topics.At, topic?.LogEndOffset),
                topic?.CommittedOffset,
                topic?.Lag,
                table?.Rows,
                _inserted[i].Next(tables.At, table?.Rows),
                table?.DeadLetters,
                table?.LatencyP50,
                table?.LatencyP99)
            {
                LagSeconds = topic is null ? null : _ages[i].Look(topics.At, topic.LogEndOffset, topic.Lag),
                Trouble = topic?.Trouble,
                Paused = table?.IsPaused,
            };
        });
        return new StandStatus(_time.GetUtcNow(), topics.Trouble, tables.Trouble, [.. streams]);
    }

    /// <summary>Asks why a stream gets no rows only where records wait for it.</summary>
    async Task<StandStatus> ExplainAsync(StandStatus status, CancellationToken cancellation)
    {
        if (!status.Streams.Where((stream, i) => stream.Lag > 0 && _inserted[i].IsStill).Any()) return status;
        try
        {
            var failures = await FailedFlushes.ReadAsync(_client, cancellation).ConfigureAwait(false);
            return status with { Streams = [.. status.Streams.Zip(_catalog.Streams, Explain)] };

            StreamStatus Explain(StreamStatus stream, StreamDefinition definition) =>
                failures.TryGetValue(definition.QueueTable, out var failure)
                    ? stream with { Trouble = FailedFlushes.Explain(definition, failure) }
                    : stream;
        }
        catch (ClickHouseTroubleException)
        {
            // It went away since it was asked for the tables, or does not let the user see: the next status says the former.
            return status;
        }
    }

    async Task<StandStatus> CompareAsync(StandStatus status, CancellationToken cancellation)
    {
        var madeAnew = await _origin.LookAsync(cancellation).ConfigureAwait(false);
        var paused = status.Streams.Where(stream => stream.Paused is true).Select(stream => stream.Topic).ToHashSet();
        var unread = await _unread.LookAsync(paused, cancellation).ConfigureAwait(false);
        return madeAnew.Count == 0 && unread.Count == 0 ? status : status with
        {
            Streams =
            [
                .. status.Streams.Select(stream => stream with
                {
                    Trouble = stream.Trouble ?? madeAnew.GetValueOrDefault(stream.Topic),
                    UnreadPartitions = unread.GetValueOrDefault(stream.Topic, []),
                }),
            ],
        };
    }

    async Task<Found<TopicProgress>> ReadTopicsAsync(CancellationToken cancellation)
    {
        try
        {
            var topics = await _topics.ReadAsync(cancellation).ConfigureAwait(false);
            return new(_time.GetUtcNow(), topics, null);
        }
        catch (KafkaUnavailableException e)
        {
            _topics.Forget();
            return new(_time.GetUtcNow(), null, e.Message);
        }
    }

    async Task<Found<TableProgress>> ReadTablesAsync(CancellationToken cancellation)
    {
        try
        {
            var tables = await _tables.ReadAsync(cancellation).ConfigureAwait(false);
            return new(_time.GetUtcNow(), tables, null);
        }
        catch (ClickHouseTroubleException e)
        {
            return new(_time.GetUtcNow(), null, e.Message);
        }
    }

    static GrowthRate RateOf(int flush) => new(TimeSpan.FromMilliseconds(flush));

    /// <param name="At">When it answered: one server may take longer than the other, and each rate is of its own time.</param>
    /// <param name="Trouble">Why nothing is known; null when all is well.</param>
    sealed record Found<T>(DateTimeOffset At, IReadOnlyDictionary<string, T>? All, string? Trouble) where T : class
    {
        public T? Of(string name) => All?.GetValueOrDefault(name);
    }
}
