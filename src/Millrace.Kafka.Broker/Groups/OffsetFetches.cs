using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>Answers OffsetFetch from the <see cref="GroupStore"/> alone: any client may ask, in any state of the group.</summary>
static class OffsetFetches
{
    public static OffsetFetchResponse.Group Fetch(GroupStore store, OffsetFetchRequest.Group asked) =>
        new(asked.GroupId, asked.Topics is null ? All(store, asked.GroupId) : Some(store, asked.GroupId, asked.Topics), ErrorCode.None);

    static OffsetFetchResponse.Topic[] All(GroupStore store, string groupId) =>
        [.. store.OffsetsOf(groupId)
            .GroupBy(each => each.Key.Topic)
            .Select(topic => new OffsetFetchResponse.Topic(topic.Key, [.. topic.Select(each => Found(each.Key.Partition, each.Value))]))];

    static OffsetFetchResponse.Topic[] Some(GroupStore store, string groupId, OffsetFetchRequest.Topic[] topics) =>
        [.. topics.Select(topic => new OffsetFetchResponse.Topic(topic.Name, [.. topic.Partitions.Select(partition =>
            store.Find(groupId, new TopicPartition(topic.Name, partition)) is { } offset ? Found(partition, offset) : NotFound(partition))]))];

    static OffsetFetchResponse.Partition Found(int partition, CommittedOffset committed) =>
        new(partition, committed.Offset, committed.LeaderEpoch, committed.Metadata, ErrorCode.None);

    static OffsetFetchResponse.Partition NotFound(int partition) => new(partition, -1, -1, "", ErrorCode.None);
}
