using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Streams.Kafka;

/// <summary>Puts together what Kafka says of a group in several answers.</summary>
static class GroupReading
{
    /// <summary>
    /// Kafka Connect and registries of schemas share out other things than partitions, and librdkafka describes no group that does
    /// (rd_kafka_DescribeConsumerGroupsResponse_parse in its src/rdkafka_admin.c). A group that only commits offsets has no type.
    /// </summary>
    public static bool IsOfConsumers(GroupInfo group) => group.ProtocolType is "consumer" or "";

    public static GroupDescription Describe(
        ConsumerGroupDescription group,
        IReadOnlyDictionary<TopicPartition, long> committed,
        IReadOnlyDictionary<TopicPartition, long> starts,
        IReadOnlyDictionary<TopicPartition, long> ends)
    {
        // A group may share out its partitions as it likes, so one may have two readers: the first stands for both.
        var readers = group.Members
            .SelectMany(
                member => member.Assignment.TopicPartitions,
                (member, partition) => (Partition: partition, MemberId: member.ConsumerId))
            .DistinctBy(reader => reader.Partition)
            .ToDictionary(reader => reader.Partition, reader => reader.MemberId);
        var topics = committed.Keys.Concat(readers.Keys).Select(partition => partition.Topic).ToHashSet();
        var partitions = ends.Keys.Where(partition => topics.Contains(partition.Topic))
            .OrderBy(partition => partition.Topic, StringComparer.Ordinal).ThenBy(partition => partition.Partition.Value);
        return new GroupDescription(
            group.GroupId,
            group.State.ToString(),
            group.PartitionAssignor,
            [.. group.Members.Select(Describe)],
            [.. partitions.Select(DescribePartition)]);

        GroupPartition DescribePartition(TopicPartition partition)
        {
            long? offset = committed.TryGetValue(partition, out var found) ? found : null;
            var lag = ConsumerLag.Of(offset, starts[partition], ends[partition]);
            return new GroupPartition(partition.Topic, partition.Partition, offset, ends[partition], lag, readers.GetValueOrDefault(partition));
        }
    }

    static GroupMember Describe(MemberDescription member) => new(member.ConsumerId, member.ClientId, member.Host.TrimStart('/'),
        [.. member.Assignment.TopicPartitions.Select(partition => new GroupAssignment(partition.Topic, partition.Partition))]);
}
