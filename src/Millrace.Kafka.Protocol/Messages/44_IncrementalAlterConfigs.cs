namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// IncrementalAlterConfigs, versions 0 and 1, which is flexible (KIP-339; Apache Kafka,
/// clients/src/main/resources/common/message/IncrementalAlterConfigsRequest.json).
/// </summary>
/// <param name="ValidateOnly">Answer as if, and change nothing.</param>
public sealed record IncrementalAlterConfigsRequest(IncrementalAlterConfigsRequest.Resource[] Resources, bool ValidateOnly)
{
    public const short FirstFlexible = 1;

    public static IncrementalAlterConfigsRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var resources = reader.ReadArray(flexible, (ref r) => Resource.Read(ref r, flexible));
        var validateOnly = reader.ReadBoolean();
        reader.SkipTaggedFields(flexible);
        return new(resources, validateOnly);
    }

    public sealed record Resource(ConfigResourceType Type, string Name, Change[] Changes)
    {
        internal static Resource Read(ref KafkaReader reader, bool flexible)
        {
            var resource = new Resource(
                (ConfigResourceType)reader.ReadInt8(),
                reader.ReadString(flexible),
                reader.ReadArray(flexible, (ref r) => Change.Read(ref r, flexible)));
            reader.SkipTaggedFields(flexible);
            return resource;
        }
    }

    /// <param name="Value">null where the config is deleted.</param>
    public sealed record Change(string Name, AlterConfigOp Operation, string? Value)
    {
        internal static Change Read(ref KafkaReader reader, bool flexible)
        {
            var change = new Change(reader.ReadString(flexible), (AlterConfigOp)reader.ReadInt8(), reader.ReadNullableString(flexible));
            reader.SkipTaggedFields(flexible);
            return change;
        }
    }
}

/// <summary>What becomes of a config (Apache Kafka, AlterConfigOp.java).</summary>
public enum AlterConfigOp : sbyte
{
    Set = 0,

    /// <summary>Back to the default.</summary>
    Delete = 1,

    /// <summary>Values are added to a list.</summary>
    Append = 2,

    /// <summary>Values are taken out of a list.</summary>
    Subtract = 3,
}

/// <summary>Answer to <see cref="IncrementalAlterConfigsRequest"/>.</summary>
public sealed record IncrementalAlterConfigsResponse(IncrementalAlterConfigsResponse.Result[] Results)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= IncrementalAlterConfigsRequest.FirstFlexible;
        writer.WriteInt32(0); // throttle time, ms
        writer.WriteArray(Results, flexible, (w, result) => result.Write(w, flexible));
        writer.WriteNoTaggedFields(flexible);
    }

    public sealed record Result(ErrorCode Error, string? ErrorMessage, ConfigResourceType Type, string Name)
    {
        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteErrorCode(Error);
            writer.WriteString(ErrorMessage, flexible);
            writer.WriteInt8((sbyte)Type);
            writer.WriteString(Name, flexible);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
