using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>What an offset is committed for.</summary>
readonly record struct TopicPartition(string Topic, int Partition)
{
    public static TopicPartition Read(ref KafkaReader reader) => new(reader.ReadString(true), reader.ReadInt32());

    public void Write(KafkaWriter writer)
    {
        writer.WriteString(Topic, true);
        writer.WriteInt32(Partition);
    }
}
