namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// What a member of a group of type <see cref="ProtocolType"/> wants to read: the metadata of its JoinGroup (Apache Kafka,
/// clients/src/main/resources/common/message/ConsumerProtocolSubscription.json). Versions 0 to 3, none flexible; each only adds at the end,
/// so that a reader takes from a later one what it knows:
/// <code>
/// version int16, topics [string], user data nullable bytes
/// 1: partitions that it owns (KIP-429)    2: generation in which it owned them (KIP-792)    3: rack id (KIP-881)
/// </code>
/// </summary>
/// <param name="Topics">The one thing that is read here.</param>
public sealed record ConsumerProtocolSubscription(string[] Topics)
{
    /// <summary>The protocol type of consumers: others' metadata are their own matter.</summary>
    public const string ProtocolType = "consumer";

    /// <exception cref="ProtocolViolationException">The bytes are something else.</exception>
    public static ConsumerProtocolSubscription Read(ReadOnlyMemory<byte> metadata)
    {
        var reader = new KafkaReader(metadata);
        reader.ReadInt16(); // version
        return new(reader.ReadStringArray(flexible: false));
    }
}
