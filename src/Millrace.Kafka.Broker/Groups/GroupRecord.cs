using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// One entry of the <see cref="GroupJournal"/>: a change that must survive the broker. Payload: int8 type, then the fields in KIP-482's
/// flexible forms, so that a later version can add tagged fields.
/// </summary>
abstract record GroupRecord(string GroupId)
{
    protected const sbyte OffsetsCommittedType = 1;
    protected const sbyte OffsetsForgottenType = 2;
    protected const sbyte GroupSavedType = 3;
    protected const sbyte GroupForgottenType = 4;

    public abstract void Write(KafkaWriter writer);

    /// <exception cref="ProtocolViolationException">The bytes are no record of this version.</exception>
    public static GroupRecord Read(ReadOnlyMemory<byte> payload)
    {
        var reader = new KafkaReader(payload);
        var type = reader.ReadInt8();
        GroupRecord record = type switch
        {
            OffsetsCommittedType => OffsetsCommitted.Read(ref reader),
            OffsetsForgottenType => OffsetsForgotten.Read(ref reader),
            GroupSavedType => new GroupSaved(GroupMetadata.Read(ref reader)),
            GroupForgottenType => new GroupForgotten(reader.ReadString(true)),
            _ => throw new ProtocolViolationException($"a group record of type {type}"),
        };
        reader.SkipTaggedFields(true);
        return record;
    }
}

/// <summary>All offsets of one OffsetCommit: after a crash either all of them are there or none.</summary>
sealed record OffsetsCommitted(string GroupId, IReadOnlyList<KeyValuePair<TopicPartition, CommittedOffset>> Offsets) : GroupRecord(GroupId)
{
    public static OffsetsCommitted Read(ref KafkaReader reader) =>
        new(reader.ReadString(true), reader.ReadArray(true, static (ref r) => KeyValuePair.Create(TopicPartition.Read(ref r), CommittedOffset.Read(ref r))));

    public override void Write(KafkaWriter writer)
    {
        writer.WriteInt8(OffsetsCommittedType);
        writer.WriteString(GroupId, true);
        writer.WriteArray(Offsets, true, static (w, each) => { each.Key.Write(w); each.Value.Write(w); });
        writer.WriteNoTaggedFields(true);
    }
}

/// <summary>Offsets that were deleted, have expired, or whose topic is gone.</summary>
sealed record OffsetsForgotten(string GroupId, IReadOnlyList<TopicPartition> Partitions) : GroupRecord(GroupId)
{
    public static OffsetsForgotten Read(ref KafkaReader reader) =>
        new(reader.ReadString(true), reader.ReadArray(true, static (ref r) => TopicPartition.Read(ref r)));

    public override void Write(KafkaWriter writer)
    {
        writer.WriteInt8(OffsetsForgottenType);
        writer.WriteString(GroupId, true);
        writer.WriteArray(Partitions, true, static (w, partition) => partition.Write(w));
        writer.WriteNoTaggedFields(true);
    }
}

/// <summary>A group became Stable or Empty, or a static member came back in a Stable one.</summary>
sealed record GroupSaved(GroupMetadata Metadata) : GroupRecord(Metadata.GroupId)
{
    public override void Write(KafkaWriter writer)
    {
        writer.WriteInt8(GroupSavedType);
        Metadata.Write(writer);
        writer.WriteNoTaggedFields(true);
    }
}

/// <summary>The group is gone with all its offsets.</summary>
sealed record GroupForgotten(string GroupId) : GroupRecord(GroupId)
{
    public override void Write(KafkaWriter writer)
    {
        writer.WriteInt8(GroupForgottenType);
        writer.WriteString(GroupId, true);
        writer.WriteNoTaggedFields(true);
    }
}
