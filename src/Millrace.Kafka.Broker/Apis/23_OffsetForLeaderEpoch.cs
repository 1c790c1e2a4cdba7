using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Topics;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// OffsetForLeaderEpoch, versions 2 to 4 (KIP-320). Tells a consumer where a leader epoch ends, so that it notices a log cut behind it.
// This broker has one leader epoch for good, 0, which ends at the high watermark; any other one is answered by -1 and -1.
//
// UNKNOWN_TOPIC_OR_PARTITION   the topic or partition is not there
// UNKNOWN_LEADER_EPOCH         the client believes in a later leader epoch than this broker ever had
// KAFKA_STORAGE_ERROR          the partition is offline since trouble with the disk
static class OffsetForLeaderEpochApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = OffsetForLeaderEpochRequest.Read(ref reader, context.Version);
        var topics = Array.ConvertAll(request.Topics, topic => Find(context.Broker, topic));
        new OffsetForLeaderEpochResponse(topics).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }

    static OffsetForLeaderEpochResponse.Topic Find(BrokerState broker, OffsetForLeaderEpochRequest.Topic topic)
    {
        var found = broker.Topics.Find(topic.Name);
        return new(topic.Name, Array.ConvertAll(topic.Partitions, partition => Find(found?.Partition(partition.Index), partition)));
    }

    static OffsetForLeaderEpochResponse.Partition Find(PartitionLog? log, OffsetForLeaderEpochRequest.Partition partition)
    {
        if (log is null) return new(ErrorCode.UnknownTopicOrPartition, partition.Index, -1, -1);
        if (partition.CurrentLeaderEpoch > Topic.LeaderEpoch) return new(ErrorCode.UnknownLeaderEpoch, partition.Index, -1, -1);
        if (log.Unavailable != ErrorCode.None) return new(log.Unavailable, partition.Index, -1, -1);
        return partition.LeaderEpoch == Topic.LeaderEpoch
            ? new(ErrorCode.None, partition.Index, Topic.LeaderEpoch, log.HighWatermark)
            : new(ErrorCode.None, partition.Index, -1, -1);
    }
}
