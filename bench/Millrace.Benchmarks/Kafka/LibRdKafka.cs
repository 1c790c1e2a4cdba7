using System.Runtime.InteropServices;

namespace Millrace.Benchmarks.Kafka;

/// <summary>
/// The few functions of librdkafka (rdkafka.h) that load generators need. Straight to the C API, because the managed client's cost per record
/// would be measured along with the broker.
/// </summary>
static partial class LibRdKafka
{
    public const int Producer = 0;
    public const int Consumer = 1;

    /// <summary>RD_KAFKA_PARTITION_UA: the partitioner chooses.</summary>
    public const int AnyPartition = -1;

    /// <summary>RD_KAFKA_MSG_F_COPY.</summary>
    public const int CopyPayload = 2;

    /// <summary>RD_KAFKA_OFFSET_BEGINNING.</summary>
    public const long FromBeginning = -2;

    const string Library = "librdkafka.so.1";

    /// <summary>rd_kafka_message_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public int Error;
        public nint Topic;
        public int Partition;
        public nint Payload;
        public nint Length;
        public nint Key;
        public nint KeyLength;
        public long Offset;
        public nint Private;
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint ConfNew();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ConfSet(nint conf, string name, string value, Span<byte> error, nint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    public static partial nint New(int type, nint conf, Span<byte> error, nint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    public static partial void Destroy(nint handle);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint TopicNew(nint handle, string topic, nint conf);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_destroy")]
    public static partial void TopicDestroy(nint topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_produce_batch")]
    public static partial int ProduceBatch(nint topic, int partition, int flags, Span<Message> messages, int count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_poll")]
    public static partial int Poll(nint handle, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_flush")]
    public static partial int Flush(nint handle, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_new")]
    public static partial nint QueueNew(nint handle);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_destroy")]
    public static partial void QueueDestroy(nint queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_consume_start_queue")]
    public static partial int ConsumeStart(nint topic, int partition, long offset, nint queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_consume_stop")]
    public static partial int ConsumeStop(nint topic, int partition);

    [LibraryImport(Library, EntryPoint = "rd_kafka_consume_batch_queue")]
    public static partial nint ConsumeBatch(nint queue, int timeoutMs, Span<nint> messages, nint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_destroy")]
    public static partial void MessageDestroy(nint message);

    [LibraryImport(Library, EntryPoint = "rd_kafka_query_watermark_offsets", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int QueryWatermarks(nint handle, string topic, int partition, out long low, out long high, int timeoutMs);

    /// <summary>A client of the given type.</summary>
    /// <exception cref="InvalidOperationException">librdkafka refused a setting; the message is its own.</exception>
    public static nint Create(int type, string bootstrap, params (string Name, string Value)[] settings)
    {
        Span<byte> error = stackalloc byte[512];
        var conf = ConfNew();
        foreach (var (name, value) in settings.Prepend(("bootstrap.servers", bootstrap)))
            if (ConfSet(conf, name, value, error, error.Length) != 0) throw Refused(error);
        var handle = New(type, conf, error, error.Length);
        return handle == 0 ? throw Refused(error) : handle;
    }

    static InvalidOperationException Refused(ReadOnlySpan<byte> error) =>
        new($"librdkafka: {System.Text.Encoding.UTF8.GetString(error[..error.IndexOf((byte)0)])}");
}
