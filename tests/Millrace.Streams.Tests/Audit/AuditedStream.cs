using System.Collections.Concurrent;
using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;
using Millrace.Streams.Tests.Kafka;
using Millrace.Streams.Types;

namespace Millrace.Streams.Tests.Audit;

/// <summary>A stream with names of its own, of which a test sets by hand what the topic holds, what is committed and what is stored.</summary>
sealed class AuditedStream : IDisposable
{
    readonly ClickHouseClient _client;
    readonly StreamDefinition _stream;

    /// <summary>Of the records of partition 0, by offset, in Unix milliseconds.</summary>
    readonly ConcurrentDictionary<long, long> _timestamps = new();

    AuditedStream(StandEndpoints endpoints, string topicPrefix)
    {
        var name = $"s{Guid.NewGuid():N}";
        Endpoints = endpoints;
        _client = new ClickHouseClient(endpoints);
        _stream = new StreamDefinition
        {
            Name = name,
            Topic = $"{topicPrefix}{name}",
            Partitions = 3,
            KeyColumn = "id",
            Columns =
            [
                new ColumnDefinition("id", ColumnTypes.Parse("UUID")!, new ColumnGenerator.FromEvent(EventValue.Uuid), NullShare: 0),
            ],
            TargetTable = $"{name}_table",
            OrderKey = ["id"],
            DeadLetterTable = $"{name}_dead_letters",
            Weight = 1,
            After = null,
        };
        Catalog = StreamCatalog.Create([("test.yaml", _stream)]);
    }

    public StandEndpoints Endpoints { get; private set; }

    public StreamCatalog Catalog { get; }

    /// <param name="kafka">The bootstrap string of a broker where ClickHouse's group has no members.</param>
    /// <param name="topicPrefix">What the topic's name begins with.</param>
    public static async Task<AuditedStream> CreateAsync(ServersFixture servers, string kafka, string topicPrefix = "")
    {
        var endpoints = await servers.NewDatabaseAsync();
        var stream = new AuditedStream(endpoints with { Kafka = kafka }, topicPrefix);
        await stream._client.ExecuteAsync(TargetTableSql.Create(stream._stream, "millrace"));
        await stream._client.ExecuteAsync(DeadLettersSql.CreateTable(stream._stream.DeadLetterTable, "millrace"));
        return stream;
    }

    /// <summary>The same after its broker was started again.</summary>
    /// <param name="kafka">Where that answers now.</param>
    public AuditedStream At(string kafka)
    {
        Endpoints = Endpoints with { Kafka = kafka };
        return this;
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Produces to partition 0; null is a tombstone.</summary>
    public AuditedStream Produce(params string?[] values)
    {
        using var producer = NewProducer([]);
        foreach (var value in values)
            producer.Produce(new TopicPartition(_stream.Topic, 0), new Message<Null, string?> { Value = value }, Note);
        producer.Flush(TimeSpan.FromSeconds(30));
        return this;
    }

    /// <summary>Gives the topic one partition more, and produces there.</summary>
    public async Task ProduceToNewPartitionAsync(string value)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig(KafkaClientProperties.For(Endpoints))).Build();
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = _stream.Topic, IncreaseTo = _stream.Partitions + 1 }]);
        using var producer = NewProducer([]);
        producer.Produce(new TopicPartition(_stream.Topic, _stream.Partitions), new Message<Null, string?> { Value = value });
        producer.Flush(TimeSpan.FromSeconds(30));
    }

    /// <summary>Produces to partition 0 in a transaction, whose end takes an offset as well.</summary>
    public AuditedStream ProduceInTransaction(params string[] values)
    {
        using var producer = NewProducer(new Dictionary<string, string> { ["transactional.id"] = _stream.Topic });
        producer.InitTransactions(TimeSpan.FromSeconds(30));
        producer.BeginTransaction();
        foreach (var value in values)
            producer.Produce(new TopicPartition(_stream.Topic, 0), new Message<Null, string?> { Value = value }, Note);
        producer.CommitTransaction();
        return this;
    }

    /// <summary>A member of ClickHouse's group that reads the topic, and does not look for new partitions.</summary>
    public IConsumer<Ignore, string> NewMember()
    {
        var properties = new ConsumerConfig(KafkaClientProperties.For(Endpoints))
        {
            GroupId = Endpoints.Identity.Group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        };
        var member = new ConsumerBuilder<Ignore, string>(properties).Build();
        member.Subscribe(_stream.Topic);
        return member;
    }

    /// <summary>Commits for ClickHouse's group in partition 0.</summary>
    public Task CommitAsync(long offset) =>
        GroupOffsets.CommitAsync(Endpoints, Endpoints.Identity.Group, new TopicPartitionOffset(_stream.Topic, 0, offset));

    public Task Store(params int[] offsets) => Insert(_stream.TargetTable, offsets);

    public Task StoreDead(params int[] offsets) => Insert(_stream.DeadLetterTable, offsets);

    void Note(DeliveryReport<Null, string?> report) => _timestamps[report.Offset] = report.Timestamp.UnixTimestampMs;

    IProducer<Null, string?> NewProducer(Dictionary<string, string> more)
    {
        var config = new ProducerConfig(KafkaClientProperties.For(Endpoints));
        foreach (var (name, value) in more) config.Set(name, value);
        return new ProducerBuilder<Null, string?>(config).SetValueSerializer(Serializers.Utf8!).Build();
    }

    /// <summary>
    /// A part for each row, none of which merging could take for another; a row has the timestamp of its record and came 250 ms later.
    /// </summary>
    async Task Insert(string table, int[] offsets)
    {
        var id = table == _stream.TargetTable ? ", id" : "";
        var value = table == _stream.TargetTable ? ", generateUUIDv4()" : "";
        foreach (var offset in offsets)
        {
            var timestamp = _timestamps.GetValueOrDefault(offset, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            await _client.ExecuteAsync(string.Create(CultureInfo.InvariantCulture,
                $"INSERT INTO {table} (kafka_topic, kafka_partition, kafka_offset, kafka_timestamp, inserted_at{id}) "
                + $"SELECT '{_stream.Topic}', 0, {offset}, fromUnixTimestamp64Milli({timestamp}) AS time, "
                + $"time + INTERVAL 250 MILLISECOND{value}"));
        }
    }
}
