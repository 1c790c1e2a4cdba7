using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Benchmarks.Kafka;

/// <summary>Writes and reads a topic as fast as Confluent.Kafka's client can, and says how fast that was.</summary>
static class Load
{
    /// <summary>A full queue, and reading: so long for acknowledgements or records to come.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>Produces <paramref name="records"/> records with acks=all and waits until all are acknowledged.</summary>
    /// <returns>Records per second.</returns>
    /// <exception cref="InvalidOperationException">The topic holds another number of records afterwards.</exception>
    public static async Task<double> ProduceAsync(string bootstrap, string topic, int partitions, int records, int recordBytes)
    {
        var properties = new ProducerConfig
        {
            BootstrapServers = bootstrap,
            Acks = Acks.All,
            LingerMs = 5,
            QueueBufferingMaxMessages = 500_000,
            QueueBufferingMaxKbytes = 200_000,
            // What became of each record is not asked for: the count at the end is proof enough, and the client's own work per record is
            // not to be measured.
            EnableDeliveryReports = false,
        };
        await MakeTopicAsync(bootstrap, topic, partitions);
        using var producer = new ProducerBuilder<Null, byte[]>(properties).Build();
        var record = new Message<Null, byte[]> { Value = Payload(recordBytes) };
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < records;)
            if (TryProduce(producer, topic, record)) sent++;
            else producer.Poll(Pause);
        while (producer.Flush(TimeSpan.FromSeconds(1)) != 0) { }
        var rate = records / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await ExpectRecordsAsync(bootstrap, topic, partitions, records);
        return rate;
    }

    /// <summary>Not every broker makes a topic because somebody asks for it.</summary>
    static async Task MakeTopicAsync(string bootstrap, string topic, int partitions)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).Build();
        await admin.CreateTopicsAsync([new() { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]);
    }

    /// <summary>Reads all partitions from the beginning until <paramref name="records"/> records have come.</summary>
    /// <returns>Records per second, from the first call to the last record.</returns>
    public static double Fetch(string bootstrap, string topic, int partitions, int records)
    {
        var properties = new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = "bench",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            QueuedMinMessages = 1_000_000,
            MaxPartitionFetchBytes = 4 << 20,
            FetchMaxBytes = 100 << 20,
            ConsumeResultFields = "none",
        };
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(properties).Build();
        var started = Stopwatch.GetTimestamp();
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        for (var read = 0; read < records;)
            if (consumer.Consume(Pause) is not null) read++;
        return records / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <returns>False when the client's queue is full.</returns>
    static bool TryProduce(IProducer<Null, byte[]> producer, string topic, Message<Null, byte[]> record)
    {
        try
        {
            producer.Produce(topic, record);
            return true;
        }
        catch (ProduceException<Null, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    static async Task ExpectRecordsAsync(string bootstrap, string topic, int partitions, long records)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).Build();
        var ends = Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffsetSpec
        {
            TopicPartition = new(topic, partition),
            OffsetSpec = OffsetSpec.Latest(),
        });
        var answer = await admin.ListOffsetsAsync(ends, new() { RequestTimeout = AnswerLimit });
        var stored = answer.ResultInfos.Sum(end => end.TopicPartitionOffsetError.Offset.Value);
        if (stored != records) throw new InvalidOperationException($"{topic} holds {stored} records instead of {records}");
    }

    /// <summary>Printable bytes with little to compress, the same in every run.</summary>
    static byte[] Payload(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        for (var i = 0; i < length; i++) bytes[i] = (byte)(' ' + bytes[i] % 95);
        return bytes;
    }
}
