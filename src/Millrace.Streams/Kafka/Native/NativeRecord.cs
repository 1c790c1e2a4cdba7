using System.Runtime.InteropServices;

namespace Millrace.Streams.Kafka.Native;

/// <summary>rd_kafka_message_t: the same in every 2.x.</summary>
[StructLayout(LayoutKind.Sequential)]
struct NativeRecord
{
    public int Error;
    public nint Topic;
    public int Partition;

    /// <summary>Null for a tombstone.</summary>
    public nint Value;

    /// <summary>Bytes.</summary>
    public nuint ValueLength;
    public nint Key;
    public nuint KeyLength;
    public long Offset;
    public nint Opaque;
}
