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
    StandStatus? _before;

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
        _origin = new OriginWatch(endpoints, _kafka, _client, catalog, time);
        _unread = new UnreadWatch(_kafka, endpoints.Identity.Group, [.. catalog.Streams.Select(stream => stream.Topic)], time);
    }

    /// <summary>A server that is away leaves its part of the status unknown and says why; the other part is there all the same.</summary>
    public async Task<StandStatus> ReadAsync(CancellationToken cancellation)
    {
        var asked = ReadTopicsAsync(cancellation);
        try
        {
            var (tables, clickHouseTrouble) = await ReadTablesAsync(cancellation).ConfigureAwait(false);
            var (topics, kafkaTrouble) = await asked.ConfigureAwait(false);
            var status = await ExplainAsync(Next(topics, kafkaTrouble, tables, clickHouseTrouble), cancellation).ConfigureAwait(false);
            return kafkaTrouble is null && clickHouseTrouble is null
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

    StandStatus Next(
        IReadOnlyDictionary<string, TopicProgress>? topics,
        string? kafkaTrouble,
        IReadOnlyDictionary<string, TableProgress>? tables,
        string? clickHouseTrouble)
    {
        var now = _time.GetUtcNow();
        var streams = _catalog.Streams.Select((stream, i) => Describe(
            stream,
            topics?.GetValueOrDefault(stream.Topic),
            tables?.GetValueOrDefault(stream.Name),
            _before?.Streams[i],
            now - (_before?.Time ?? now)) with
        {
            LagSeconds = topics?.GetValueOrDefault(stream.Topic) is { } topic ? _ages[i].Look(now, topic.LogEndOffset, topic.Lag) : null,
        });
        return _before = new StandStatus(now, kafkaTrouble, clickHouseTrouble, [.. streams]);
    }

    /// <summary>Asks why a stream gets no rows only where records wait for it.</summary>
    async Task<StandStatus> ExplainAsync(StandStatus status, CancellationToken cancellation)
    {
        if (!status.Streams.Any(stream => stream is { Lag: > 0, RowsPerSecond: 0 })) return status;
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

    internal static StreamStatus Describe(
        StreamDefinition stream, TopicProgress? topic, TableProgress? table, StreamStatus? before, TimeSpan since) =>
        new(
            stream.Name,
            stream.Topic,
            stream.TargetTable,
            topic?.LogEndOffset,
            PerSecond(before?.LogEndOffset, topic?.LogEndOffset, since),
            topic?.CommittedOffset,
            topic?.Lag,
            table?.Rows,
            PerSecond(before?.Rows, table?.Rows, since),
            table?.DeadLetters,
            table?.LatencyP50,
            table?.LatencyP99)
        {
            Trouble = topic?.Trouble,
            Paused = table?.IsPaused,
        };

    static double? PerSecond(long? before, long? now, TimeSpan since) =>
        since > TimeSpan.Zero && now - before is { } more ? Math.Round(Math.Max(0, more) / since.TotalSeconds, 1) : null;

    async Task<(IReadOnlyDictionary<string, TopicProgress>?, string? Trouble)> ReadTopicsAsync(CancellationToken cancellation)
    {
        try
        {
            return (await _topics.ReadAsync(cancellation).ConfigureAwait(false), null);
        }
        catch (KafkaUnavailableException e)
        {
            _topics.Forget();
            return (null, e.Message);
        }
    }

    async Task<(IReadOnlyDictionary<string, TableProgress>?, string? Trouble)> ReadTablesAsync(CancellationToken cancellation)
    {
        try
        {
            return (await _tables.ReadAsync(cancellation).ConfigureAwait(false), null);
        }
        catch (ClickHouseTroubleException e)
        {
            return (null, e.Message);
        }
    }
}
