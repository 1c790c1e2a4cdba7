namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// InitProducerId, versions 0 to 5 (Apache Kafka, clients/src/main/resources/common/message/InitProducerIdRequest.json). What each adds:
/// <code>
/// 1  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 2  flexible (KIP-482)
/// 3  producer id and epoch of a transactional producer that goes on (KIP-360)
/// 4  PRODUCER_FENCED may be the answer (KIP-588)
/// 5  TRANSACTION_ABORTABLE may be the answer (KIP-890)
/// </code>
/// </summary>
/// <param name="TransactionalId">null for a producer that is idempotent only.</param>
public sealed record InitProducerIdRequest(string? TransactionalId)
{
    public const short FirstFlexible = 2;

    public static InitProducerIdRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var request = new InitProducerIdRequest(reader.ReadNullableString(flexible));
        reader.ReadInt32(); // transaction timeout, ms
        if (version >= 3) reader.ReadInt64(); // producer id: of a transactional producer that goes on (KIP-360)
        if (version >= 3) reader.ReadInt16(); // producer epoch: likewise
        reader.SkipTaggedFields(flexible);
        return request;
    }
}

/// <summary>Answer to <see cref="InitProducerIdRequest"/>.</summary>
/// <param name="ProducerId">-1 with an error.</param>
/// <param name="ProducerEpoch">-1 with an error.</param>
public sealed record InitProducerIdResponse(ErrorCode Error, long ProducerId, short ProducerEpoch)
{
    public void Write(KafkaWriter writer, short version)
    {
        writer.WriteInt32(0); // throttle time, ms
        writer.WriteErrorCode(Error);
        writer.WriteInt64(ProducerId);
        writer.WriteInt16(ProducerEpoch);
        writer.WriteNoTaggedFields(version >= InitProducerIdRequest.FirstFlexible);
    }
}
