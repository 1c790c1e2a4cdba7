using System.Globalization;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Millrace.Streams.Kafka.Native;

namespace Millrace.Streams.Kafka;

/// <summary>Reads records at given offsets as ClickHouse's consumer would see them: committed ones only. For one thread; joins no group.</summary>
public sealed class RecordReader : IDisposable
{
    static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(200);

    readonly ClientHandle _client;
    readonly string _bootstrap;

    public RecordReader(StandEndpoints endpoints)
    {
        _bootstrap = endpoints.Kafka;
        var properties = KafkaClientProperties.For(endpoints);
        properties.Set("auto.commit.enable", "false");
        properties.Set("fetch.wait.max.ms", "20");
        properties.Set("enable.partition.eof", "true");
        properties.Set("auto.offset.reset", "earliest");
        properties.Set("isolation.level", "read_committed");
        properties.Set("log_level", "0");
        _client = ClientHandle.Create(properties);
    }

    /// <summary>The records with offsets in [<paramref name="from"/>, <paramref name="to"/>), in order. An offset that is passed over holds no record for a consumer.</summary>
    /// <exception cref="KafkaUnavailableException">Nothing came for <see cref="KafkaClientProperties.AnswerLimit"/>, or Kafka refused.</exception>
    public IEnumerable<RecordSummary> Read(TopicPartition partition, long from, long to)
    {
        using var topic = new TopicHandle(_client, partition.Topic);
        if (Librdkafka.rd_kafka_consume_start(topic, partition.Partition, from) != 0)
            throw Refused(partition, (ErrorCode)Librdkafka.rd_kafka_last_error());
        try
        {
            while (Next(topic, partition) is { } record && record.Offset < to) yield return record;
        }
        finally
        {
            _ = Librdkafka.rd_kafka_consume_stop(topic, partition.Partition);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Null at the end of the partition.</summary>
    RecordSummary? Next(TopicHandle topic, TopicPartition partition)
    {
        for (var waited = TimeSpan.Zero; waited < KafkaClientProperties.AnswerLimit; waited += PollLimit)
        {
            var address = Librdkafka.rd_kafka_consume(topic, partition.Partition, (int)PollLimit.TotalMilliseconds);
            if (address == 0) continue;
            var record = Marshal.PtrToStructure<NativeRecord>(address);
            Librdkafka.rd_kafka_message_destroy(address);
            return (ErrorCode)record.Error switch
            {
                ErrorCode.NoError => new RecordSummary(record.Offset, (int)record.ValueLength),
                ErrorCode.Local_PartitionEOF => null,
                var code => throw Refused(partition, code),
            };
        }
        throw KafkaUnavailableException.NoAnswer(_bootstrap, KafkaClientProperties.AnswerLimit);
    }

    KafkaUnavailableException Refused(TopicPartition partition, ErrorCode code) => KafkaUnavailableException.Refused(
        _bootstrap, string.Create(CultureInfo.InvariantCulture, $"Fetch of {partition.Topic}[{partition.Partition.Value}]"), new Error(code).Reason);
}
