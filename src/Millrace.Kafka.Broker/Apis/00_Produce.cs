using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// Produce, versions 3 to 12; 0 to 2 are advertised too, see ApiTable.
// Appends one record batch to each partition named. Partitions fail one by one; the request goes on for the others.
// acks=1 and acks=all mean the same on one broker: write() has returned, so the records survive the end of the process, but not a loss of power.
// acks=0 gets no answer; an error closes the connection instead, which is all such a client can notice.
// A retried batch of an idempotent producer gets the offset of its first try (KIP-98).
//
// Differs from Apache Kafka: null records get INVALID_RECORD, where Apache Kafka 4.3.1 never answers and mutes the connection.
//
// INVALID_REQUIRED_ACKS        acks other than -1, 0 and 1
// UNKNOWN_TOPIC_OR_PARTITION   Produce creates no topics; Metadata does
// KAFKA_STORAGE_ERROR          the partition is offline since trouble with the disk
// and what the log says of the batch: see Log/RecordBatchValidator.cs
static class ProduceApi
{
    /// <summary>First version that may carry zstd (KIP-110).</summary>
    const short FirstWithZstd = 7;

    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = ProduceRequest.Read(ref reader, context.Version);
        var response = new ProduceResponse(Array.ConvertAll(request.Topics, topic => Append(context, request.Acks, topic)));
        if (request.Acks != 0) response.Write(context.Response, context.Version);
        else if (response.Topics.All(topic => topic.Partitions.All(partition => partition.Error == ErrorCode.None))) context.SuppressResponse = true;
        else context.CloseConnection = true;
        return ValueTask.CompletedTask;
    }

    static ProduceResponse.Topic Append(RequestContext context, short acks, ProduceRequest.Topic topic) =>
        new(topic.Name, Array.ConvertAll(topic.Partitions, partition => Append(context, acks, topic.Name, partition)));

    static ProduceResponse.Partition Append(RequestContext context, short acks, string topic, ProduceRequest.Partition partition)
    {
        if (acks is < -1 or > 1) return Refused(partition, ErrorCode.InvalidRequiredAcks, $"acks is -1, 0 or 1, not {acks}");
        if (context.Broker.Topics.Find(topic)?.Partition(partition.Index) is not { } log)
            return Refused(partition, ErrorCode.UnknownTopicOrPartition, null);
        if (partition.Records is not { } records) return Refused(partition, ErrorCode.InvalidRecord, "no record batch");
        var result = log.Append(records, zstdAllowed: context.Version >= FirstWithZstd);
        return new(partition.Index, result.Error, result.BaseOffset, result.LogAppendTimeMs, result.LogStartOffset, result.Message);
    }

    static ProduceResponse.Partition Refused(ProduceRequest.Partition partition, ErrorCode error, string? message) =>
        new(partition.Index, error, BaseOffset: -1, LogAppendTimeMs: -1, LogStartOffset: -1, message);
}
