using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// DeleteRecords, versions 0 to 2 (KIP-107). Moves the log start offset up; whole segments below it go from the disk.
// Offset -1 is the high watermark: every record there is.
//
// UNKNOWN_TOPIC_OR_PARTITION   the topic or partition is not there
// OFFSET_OUT_OF_RANGE          the offset is above the high watermark
// KAFKA_STORAGE_ERROR          the disk refused, or the partition is offline
static class DeleteRecordsApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = DeleteRecordsRequest.Read(ref reader, context.Version);
        var topics = Array.ConvertAll(request.Topics, topic => Delete(context.Broker, topic));
        new DeleteRecordsResponse(topics).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }

    static DeleteRecordsResponse.Topic Delete(BrokerState broker, DeleteRecordsRequest.Topic topic)
    {
        var found = broker.Topics.Find(topic.Name);
        return new(topic.Name, Array.ConvertAll(topic.Partitions, partition => Delete(found?.Partition(partition.Index), partition)));
    }

    static DeleteRecordsResponse.Partition Delete(PartitionLog? log, DeleteRecordsRequest.Partition partition)
    {
        if (log is null) return new(partition.Index, -1, ErrorCode.UnknownTopicOrPartition);
        var error = log.DeleteRecordsBefore(partition.Offset);
        return new(partition.Index, error == ErrorCode.None ? log.LogStartOffset : -1, error);
    }
}
