using System.Runtime.InteropServices;

namespace Millrace.Streams.Kafka.Native;

/// <summary>
/// The few calls of librdkafka's C interface that the managed client can't make on Debian 12's 2.0.2: whatever gives it a list of partitions or a
/// record back makes it ask for a leader epoch, a symbol that exists since 2.1.0. Meanings: rdkafka.h.
/// </summary>
static partial class Librdkafka
{
    public const int Consumer = 1;

    const string Name = LibrdkafkaResolver.LibraryName;

    [LibraryImport(Name)]
    public static partial nint rd_kafka_conf_new();

    /// <returns>0 when the value was taken.</returns>
    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rd_kafka_conf_set(nint conf, string name, string value, Span<byte> error, nuint errorSize);

    [LibraryImport(Name)]
    public static partial void rd_kafka_conf_destroy(nint conf);

    /// <summary>Takes over <paramref name="conf"/> unless it returns null.</summary>
    [LibraryImport(Name)]
    public static partial nint rd_kafka_new(int type, nint conf, Span<byte> error, nuint errorSize);

    [LibraryImport(Name)]
    public static partial void rd_kafka_destroy(nint client);

    [LibraryImport(Name)]
    public static partial int rd_kafka_last_error();

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint rd_kafka_topic_new(ClientHandle client, string topic, nint conf);

    [LibraryImport(Name)]
    public static partial void rd_kafka_topic_destroy(nint topic);

    /// <returns>-1 on failure, the reason in <see cref="rd_kafka_last_error"/>.</returns>
    [LibraryImport(Name)]
    public static partial int rd_kafka_consume_start(TopicHandle topic, int partition, long offset);

    [LibraryImport(Name)]
    public static partial int rd_kafka_consume_stop(TopicHandle topic, int partition);

    /// <returns>A <see cref="NativeRecord"/> to destroy, or null when none came in time.</returns>
    [LibraryImport(Name)]
    public static partial nint rd_kafka_consume(TopicHandle topic, int partition, int timeoutMilliseconds);

    [LibraryImport(Name)]
    public static partial void rd_kafka_message_destroy(nint record);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_topic_partition_list_new(int size);

    /// <returns>The new element, a <see cref="NativePartition"/>.</returns>
    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint rd_kafka_topic_partition_list_add(nint list, string topic, int partition);

    [LibraryImport(Name)]
    public static partial void rd_kafka_topic_partition_list_destroy(nint list);

    /// <summary>Each element's offset is a timestamp on the way in (-2: log start, -1: log end) and an offset on the way out.</summary>
    [LibraryImport(Name)]
    public static partial int rd_kafka_offsets_for_times(ClientHandle client, PartitionListHandle list, int timeoutMilliseconds);

    /// <summary>Each element's offset is what the client's group has committed, -1001 when nothing.</summary>
    [LibraryImport(Name)]
    public static partial int rd_kafka_committed(ClientHandle client, PartitionListHandle list, int timeoutMilliseconds);
}
