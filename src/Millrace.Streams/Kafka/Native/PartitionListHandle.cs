using System.Runtime.InteropServices;
using Confluent.Kafka;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Streams.Kafka.Native;

/// <summary>A question about partitions that librdkafka answers in place: rd_kafka_topic_partition_list_t. For one thread.</summary>
sealed class PartitionListHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>The list itself: an int of how many there are, an int of how many there is room for, the address of the elements.</summary>
    const int ElementsField = 2 * sizeof(int);

    static readonly int OffsetField = (int)Marshal.OffsetOf<NativePartition>(nameof(NativePartition.Offset));
    static readonly int ElementSize = Marshal.SizeOf<NativePartition>();

    readonly IReadOnlyList<TopicPartition> _partitions;

    /// <param name="offset">What each element's offset says on the way in.</param>
    public PartitionListHandle(IReadOnlyList<TopicPartition> partitions, long offset) : base(ownsHandle: true)
    {
        _partitions = partitions;
        SetHandle(Librdkafka.rd_kafka_topic_partition_list_new(partitions.Count));
        foreach (var partition in partitions)
        {
            var element = Librdkafka.rd_kafka_topic_partition_list_add(handle, partition.Topic, partition.Partition);
            Marshal.WriteInt64(element, OffsetField, offset);
        }
    }

    /// <summary>What librdkafka answered. It sorts the list on the way, so the topic is read back with the partition.</summary>
    public IEnumerable<TopicPartitionOffsetError> Answers()
    {
        var elements = Marshal.ReadIntPtr(handle, ElementsField);
        for (var i = 0; i < _partitions.Count; i++)
        {
            var answer = Marshal.PtrToStructure<NativePartition>(elements + (i * ElementSize));
            yield return new TopicPartitionOffsetError(Marshal.PtrToStringUTF8(answer.Topic)!, answer.Partition, answer.Offset, (ErrorCode)answer.Error);
        }
    }

    protected override bool ReleaseHandle()
    {
        Librdkafka.rd_kafka_topic_partition_list_destroy(handle);
        return true;
    }
}
