using Millrace.Kafka.Protocol;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Network;

/// <summary>Request bodies that several tests send, in one version each.</summary>
static class Requests
{
    public const short MetadataVersion = 4;
    public const short ProduceVersion = 7;
    public const short FetchVersion = 11;

    /// <summary>Asks about one topic, and has it created.</summary>
    public static Action<KafkaWriter> Metadata(string topic) => writer =>
    {
        writer.WriteArrayLength(1, flexible: false);
        writer.WriteString(topic, flexible: false);
        writer.WriteBoolean(true); // allow auto topic creation
    };

    /// <summary>Version 1 to 3.</summary>
    public static Action<KafkaWriter> DeleteTopic(string topic) => writer =>
    {
        writer.WriteArrayLength(1, flexible: false);
        writer.WriteString(topic, flexible: false);
        writer.WriteInt32(30_000); // timeout, ms
    };

    /// <param name="records">null is sent as null.</param>
    public static Action<KafkaWriter> Produce(string topic, int partition, byte[]? records, short acks = -1) => writer =>
    {
        writer.WriteString(null, flexible: false); // transactional id
        writer.WriteInt16(acks);
        writer.WriteInt32(30_000); // timeout, ms
        writer.WriteArrayLength(1, flexible: false);
        writer.WriteString(topic, flexible: false);
        writer.WriteArrayLength(1, flexible: false);
        writer.WriteInt32(partition);
        if (records is null) writer.WriteBytesLength(-1, flexible: false);
        else writer.WriteBytes(records, flexible: false);
    };

    public static Action<KafkaWriter> Fetch(
        string topic, int partition, long offset, int maxWaitMs = 0, int minBytes = 1, int maxBytes = 1 << 20,
        int partitionMaxBytes = 1 << 20, int sessionId = 0, int sessionEpoch = -1, int currentLeaderEpoch = -1) => writer =>
    {
        writer.WriteInt32(-1); // replica id
        writer.WriteInt32(maxWaitMs);
        writer.WriteInt32(minBytes);
        writer.WriteInt32(maxBytes);
        writer.WriteInt8(0); // isolation level
        writer.WriteInt32(sessionId);
        writer.WriteInt32(sessionEpoch);
        writer.WriteArrayLength(1, flexible: false);
        writer.WriteString(topic, flexible: false);
        writer.WriteArrayLength(1, flexible: false);
        writer.WriteInt32(partition);
        writer.WriteInt32(currentLeaderEpoch);
        writer.WriteInt64(offset);
        writer.WriteInt64(-1); // log start offset
        writer.WriteInt32(partitionMaxBytes);
        writer.WriteArrayLength(0, flexible: false); // forgotten topics
        writer.WriteString("", flexible: false); // rack id
    };

    /// <summary>One record batch with the given values.</summary>
    public static byte[] Batch(params string[] values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values) builder.Add(timestamp: 1, key: null, System.Text.Encoding.UTF8.GetBytes(value));
        return builder.Build();
    }
}
