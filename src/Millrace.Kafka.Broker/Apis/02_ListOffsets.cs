using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Topics;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// ListOffsets, versions 1 to 10.
// Finds an offset by timestamp: the first record as late as that, or by a special value: latest (-1: the high watermark, exclusive), earliest
// (-2: the log start offset, inclusive), max timestamp (-3, KIP-734), earliest local (-4, KIP-405), latest tiered (-5, KIP-1005).
// No such record: offset -1 and timestamp -1 without an error.
//
// Differs from Apache Kafka: there is no tiered storage, so -4 is the same as -2, and -5 finds nothing. Where a batch
// can't be decompressed the answer is its first offset, see Log/TimestampSearch.cs.
//
// UNKNOWN_TOPIC_OR_PARTITION   the topic or partition is not there
// FENCED_LEADER_EPOCH          the client names an earlier leader epoch than the partition has now (KIP-320)
// UNKNOWN_LEADER_EPOCH         the client names a later leader epoch than this broker ever had (KIP-320)
// KAFKA_STORAGE_ERROR          the partition is offline since trouble with the disk, or goes offline by this search
// UNSUPPORTED_VERSION          a special value that this broker does not know
static class ListOffsetsApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = ListOffsetsRequest.Read(ref reader, context.Version);
        var topics = Array.ConvertAll(request.Topics, topic => Find(context, topic));
        new ListOffsetsResponse(topics).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }

    static ListOffsetsResponse.Topic Find(RequestContext context, ListOffsetsRequest.Topic topic)
    {
        var found = context.Broker.Topics.Find(topic.Name);
        return new(topic.Name, Array.ConvertAll(topic.Partitions, partition => Answer(found?.Partition(partition.Index), partition)));
    }

    static ListOffsetsResponse.Partition Answer(PartitionLog? log, ListOffsetsRequest.Partition partition)
    {
        if (log is null) return Answer(partition, ErrorCode.UnknownTopicOrPartition, null);
        if (log.CheckLeaderEpoch(partition.CurrentLeaderEpoch) is not ErrorCode.None and var stale) return Answer(partition, stale, null);
        var found = Find(log, partition);
        if (log.Unavailable != ErrorCode.None) return Answer(partition, log.Unavailable, null);
        return found.Offset < 0 ? found : found with { LeaderEpoch = log.LeaderEpochOf(found.Offset) };
    }

    static ListOffsetsResponse.Partition Find(PartitionLog log, ListOffsetsRequest.Partition partition) =>
        partition.Timestamp switch
        {
            ListOffsetsTimestamp.Latest => Answer(partition, ErrorCode.None, new(-1, log.HighWatermark)),
            ListOffsetsTimestamp.Earliest or ListOffsetsTimestamp.EarliestLocal => Answer(partition, ErrorCode.None, new(-1, log.LogStartOffset)),
            ListOffsetsTimestamp.MaxTimestamp => Answer(partition, ErrorCode.None, log.FindMaxTimestamp()),
            ListOffsetsTimestamp.LatestTiered => Answer(partition, ErrorCode.None, null),
            < 0 => Answer(partition, ErrorCode.UnsupportedVersion, null),
            var timestamp => Answer(partition, ErrorCode.None, log.FindByTimestamp(timestamp)),
        };

    static ListOffsetsResponse.Partition Answer(ListOffsetsRequest.Partition partition, ErrorCode error, TimestampAndOffset? found) =>
        new(partition.Index, error, found?.Timestamp ?? -1, found?.Offset ?? -1, LeaderEpoch: -1);
}
