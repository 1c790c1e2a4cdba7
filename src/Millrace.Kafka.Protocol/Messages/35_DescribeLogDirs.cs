namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// DescribeLogDirs, versions 1 to 5 (Apache Kafka, clients/src/main/resources/common/message/DescribeLogDirsRequest.json). What each adds:
/// <code>
/// 2  flexible (KIP-482)
/// 3  an error of the whole answer
/// 4  size of the volume, and what of it is free (KIP-827)
/// 5  whether the directory takes no new partitions (Apache Kafka 4.3.1)
/// </code>
/// </summary>
/// <param name="Topics">null for all.</param>
public sealed record DescribeLogDirsRequest(DescribeLogDirsRequest.Topic[]? Topics)
{
    public const short FirstFlexible = 2;

    public static DescribeLogDirsRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var topics = reader.ReadNullableArray(flexible, (ref r) => Topic.Read(ref r, flexible));
        reader.SkipTaggedFields(flexible);
        return new(topics);
    }

    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= FirstFlexible;
        writer.WriteArray(Topics, flexible, (w, topic) => topic.Write(w, flexible));
        writer.WriteNoTaggedFields(flexible);
    }

    public sealed record Topic(string Name, int[] Partitions)
    {
        internal static Topic Read(ref KafkaReader reader, bool flexible)
        {
            var topic = new Topic(reader.ReadString(flexible), reader.ReadInt32Array(flexible));
            reader.SkipTaggedFields(flexible);
            return topic;
        }

        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteString(Name, flexible);
            writer.WriteInt32Array(Partitions, flexible);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}

/// <summary>Answer to <see cref="DescribeLogDirsRequest"/>.</summary>
public sealed record DescribeLogDirsResponse(DescribeLogDirsResponse.Directory[] Directories)
{
    /// <summary>Bytes of a volume that nobody measured (Apache Kafka, DescribeLogDirsResponse.java, UNKNOWN_VOLUME_BYTES).</summary>
    const long UnknownVolumeBytes = -1;

    public static DescribeLogDirsResponse Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= DescribeLogDirsRequest.FirstFlexible;
        reader.ReadInt32(); // throttle time, ms
        if (version >= 3) reader.ReadErrorCode();
        var directories = reader.ReadArray(flexible, (ref r) => Directory.Read(ref r, version, flexible));
        reader.SkipTaggedFields(flexible);
        return new(directories);
    }

    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= DescribeLogDirsRequest.FirstFlexible;
        writer.WriteInt32(0); // throttle time, ms
        if (version >= 3) writer.WriteErrorCode(ErrorCode.None);
        writer.WriteArray(Directories, flexible, (w, directory) => directory.Write(w, version, flexible));
        writer.WriteNoTaggedFields(flexible);
    }

    /// <param name="Path">Absolute.</param>
    public sealed record Directory(ErrorCode Error, string Path, Topic[] Topics)
    {
        internal static Directory Read(ref KafkaReader reader, short version, bool flexible)
        {
            var directory = new Directory(
                reader.ReadErrorCode(), reader.ReadString(flexible), reader.ReadArray(flexible, (ref r) => Topic.Read(ref r, flexible)));
            if (version >= 4) reader.ReadInt64(); // total bytes
            if (version >= 4) reader.ReadInt64(); // usable bytes
            if (version >= 5) reader.ReadBoolean(); // is cordoned
            reader.SkipTaggedFields(flexible);
            return directory;
        }

        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteErrorCode(Error);
            writer.WriteString(Path, flexible);
            writer.WriteArray(Topics, flexible, (w, topic) => topic.Write(w, flexible));
            if (version >= 4) writer.WriteInt64(UnknownVolumeBytes); // total bytes
            if (version >= 4) writer.WriteInt64(UnknownVolumeBytes); // usable bytes
            if (version >= 5) writer.WriteBoolean(false); // is cordoned
            writer.WriteNoTaggedFields(flexible);
        }
    }

    public sealed record Topic(string Name, Partition[] Partitions)
    {
        internal static Topic Read(ref KafkaReader reader, bool flexible)
        {
            var topic = new Topic(reader.ReadString(flexible), reader.ReadArray(flexible, (ref r) => Partition.Read(ref r, flexible)));
            reader.SkipTaggedFields(flexible);
            return topic;
        }

        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteString(Name, flexible);
            writer.WriteArray(Partitions, flexible, (w, partition) => partition.Write(w, flexible));
            writer.WriteNoTaggedFields(flexible);
        }
    }

    /// <param name="Size">Bytes of all segments, without their indexes.</param>
    /// <param name="IsFuture">It is being moved to this directory, and another is in use.</param>
    public sealed record Partition(int Index, long Size, bool IsFuture = false)
    {
        internal static Partition Read(ref KafkaReader reader, bool flexible)
        {
            var (index, size) = (reader.ReadInt32(), reader.ReadInt64());
            reader.ReadInt64(); // offset lag
            var partition = new Partition(index, size, reader.ReadBoolean());
            reader.SkipTaggedFields(flexible);
            return partition;
        }

        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteInt32(Index);
            writer.WriteInt64(Size);
            writer.WriteInt64(0); // offset lag, records: log end offset less high watermark, the same on a single broker
            writer.WriteBoolean(IsFuture);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
