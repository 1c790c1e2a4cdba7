using Microsoft.Win32.SafeHandles;

namespace Millrace.Streams.Kafka.Native;

/// <summary>A topic of one client: rd_kafka_topic_t. Must be released before its client.</summary>
sealed class TopicHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public TopicHandle(ClientHandle client, string topic) : base(ownsHandle: true) =>
        SetHandle(Librdkafka.rd_kafka_topic_new(client, topic, conf: 0));

    protected override bool ReleaseHandle()
    {
        Librdkafka.rd_kafka_topic_destroy(handle);
        return true;
    }
}
