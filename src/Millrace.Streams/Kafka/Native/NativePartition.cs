using System.Runtime.InteropServices;

namespace Millrace.Streams.Kafka.Native;

/// <summary>rd_kafka_topic_partition_t: the same in every 2.x.</summary>
[StructLayout(LayoutKind.Sequential)]
struct NativePartition
{
    public nint Topic;
    public int Partition;
    public long Offset;
    public nint Metadata;
    public nuint MetadataSize;
    public nint Opaque;
    public int Error;
    readonly nint _private;
}
