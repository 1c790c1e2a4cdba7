using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// InitProducerId, versions 0 to 5. Gives an idempotent producer its id (KIP-98), which no other producer ever gets, also after a crash.
//
// Differs from Apache Kafka: there are no transactions. A transactional id gets TRANSACTIONAL_ID_AUTHORIZATION_FAILED: the error that Java's
// producer and librdkafka (rdkafka_idempotence.c, rd_kafka_idemp_check_error) take as final instead of trying again for good.
//
// INVALID_REQUEST       an empty transactional id
// KAFKA_STORAGE_ERROR   the disk refused
static class InitProducerIdApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = InitProducerIdRequest.Read(ref reader, context.Version);
        Init(context.Broker, request.TransactionalId).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }

    static InitProducerIdResponse Init(BrokerState broker, string? transactionalId)
    {
        if (transactionalId is "") return new(ErrorCode.InvalidRequest, -1, -1);
        if (transactionalId is not null) return new(ErrorCode.TransactionalIdAuthorizationFailed, -1, -1);
        return broker.ProducerIds.TryNext() is { } producerId
            ? new(ErrorCode.None, producerId, ProducerEpoch: 0)
            : new(ErrorCode.KafkaStorageError, -1, -1);
    }
}
