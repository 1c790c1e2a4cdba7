namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// DescribeConfigs, versions 1 to 4 (Apache Kafka, clients/src/main/resources/common/message/DescribeConfigsRequest.json). What each adds:
/// <code>
/// 2  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 3  types, and documentation where it is asked for (KIP-569)
/// 4  flexible (KIP-482)
/// </code>
/// </summary>
public sealed record DescribeConfigsRequest(DescribeConfigsRequest.Resource[] Resources, bool IncludeSynonyms)
{
    public const short FirstFlexible = 4;

    public static DescribeConfigsRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var resources = reader.ReadArray(flexible, (ref r) => Resource.Read(ref r, flexible));
        var includeSynonyms = reader.ReadBoolean();
        if (version >= 3) reader.ReadBoolean(); // include documentation
        reader.SkipTaggedFields(flexible);
        return new(resources, includeSynonyms);
    }

    /// <param name="Keys">Names of the values wanted; null or none for all.</param>
    public sealed record Resource(ConfigResourceType Type, string Name, string[]? Keys)
    {
        /// <summary>An empty list asks for all, as null does (Apache Kafka, ConfigHelper.scala, createResponseConfig).</summary>
        public bool Wants(string key) => Keys is null or [] || Keys.Contains(key);

        internal static Resource Read(ref KafkaReader reader, bool flexible)
        {
            var resource = new Resource(
                (ConfigResourceType)reader.ReadInt8(),
                reader.ReadString(flexible),
                reader.ReadNullableArray(flexible, (ref r) => r.ReadString(flexible)));
            reader.SkipTaggedFields(flexible);
            return resource;
        }
    }
}

/// <summary>What a configuration belongs to (Apache Kafka, ConfigResource.java).</summary>
public enum ConfigResourceType : sbyte
{
    Topic = 2,
    Broker = 4,
}

/// <summary>Type of a configuration value (Apache Kafka, DescribeConfigsResponse.java, ConfigType).</summary>
public enum ConfigType : sbyte
{
    Boolean = 1,
    String = 2,
    Int = 3,
    Long = 5,
    List = 7,
}

/// <summary>Answer to <see cref="DescribeConfigsRequest"/>.</summary>
public sealed record DescribeConfigsResponse(DescribeConfigsResponse.Result[] Results)
{
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= DescribeConfigsRequest.FirstFlexible;
        writer.WriteInt32(0); // throttle time, ms
        writer.WriteArray(Results, flexible, (w, result) => result.Write(w, version, flexible));
        writer.WriteNoTaggedFields(flexible);
    }

    public sealed record Result(ErrorCode Error, string? ErrorMessage, ConfigResourceType Type, string Name, Config[] Configs)
    {
        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteErrorCode(Error);
            writer.WriteString(ErrorMessage, flexible);
            writer.WriteInt8((sbyte)Type);
            writer.WriteString(Name, flexible);
            writer.WriteArray(Configs, flexible, (w, config) => config.Write(w, version, flexible));
            writer.WriteNoTaggedFields(flexible);
        }
    }

    /// <param name="Synonyms">Where else the value could come from, strongest first; empty when not asked for.</param>
    public sealed record Config(string Name, string? Value, bool ReadOnly, ConfigSource Source, ConfigType Type, Synonym[] Synonyms)
    {
        internal void Write(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteString(Name, flexible);
            writer.WriteString(Value, flexible);
            writer.WriteBoolean(ReadOnly);
            writer.WriteInt8((sbyte)Source);
            writer.WriteBoolean(false); // is sensitive
            writer.WriteArray(Synonyms, flexible, (w, synonym) => synonym.Write(w, flexible));
            if (version >= 3) writer.WriteInt8((sbyte)Type);
            if (version >= 3) writer.WriteString(null, flexible); // documentation
            writer.WriteNoTaggedFields(flexible);
        }
    }

    public sealed record Synonym(string Name, string? Value, ConfigSource Source)
    {
        internal void Write(KafkaWriter writer, bool flexible)
        {
            writer.WriteString(Name, flexible);
            writer.WriteString(Value, flexible);
            writer.WriteInt8((sbyte)Source);
            writer.WriteNoTaggedFields(flexible);
        }
    }
}
