using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Topics;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// OffsetForLeaderEpoch, versions 2 to 4 (KIP-320). Tells a consumer where a leader epoch ends, so that it notices a log cut behind it.
// The leader epoch rises with each start after a crash, see Log/LeaderEpochs.cs. The answer is the greatest leader epoch that is not later
// than the one asked for (KIP-279), and where it ended: at the high watermark for that of now; -1 and -1 for one that never was.
//
// UNKNOWN_TOPIC_OR_PARTITION   the topic or partition is not there
// FENCED_LEADER_EPOCH          the client believes in an earlier leader epoch than the partition has now
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
        if (log.CheckLeaderEpoch(partition.CurrentLeaderEpoch) is not ErrorCode.None and var stale) return new(stale, partition.Index, -1, -1);
        if (log.Unavailable != ErrorCode.None) return new(log.Unavailable, partition.Index, -1, -1);
        var (epoch, endOffset) = log.EndOfLeaderEpoch(partition.LeaderEpoch);
        return new(ErrorCode.None, partition.Index, epoch, endOffset);
    }
}
