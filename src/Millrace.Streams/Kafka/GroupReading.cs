using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>Puts together what Kafka says of a group in several answers.</summary>
static class GroupReading
{
    public static GroupDescription Describe(
        GroupInfo group,
        IReadOnlyDictionary<TopicPartition, long> committed,
        PartitionStates existing,
        KnownOffsets starts,
        KnownOffsets ends)
    {
        var members = group.Members.Select(Describe).ToList();
        // A group may share out its partitions as it likes, so one may have two readers: the first stands for both.
        var readers = group.Members
            .SelectMany(PartitionsOf, (member, partition) => (Partition: partition, member.MemberId))
            .DistinctBy(reader => reader.Partition)
            .ToDictionary(reader => reader.Partition, reader => reader.MemberId);
        var topics = committed.Keys.Concat(readers.Keys).Select(partition => partition.Topic).ToHashSet();
        var partitions = existing.All.Where(partition => topics.Contains(partition.Topic))
            .OrderBy(partition => partition.Topic, StringComparer.Ordinal).ThenBy(partition => partition.Partition.Value);
        return new GroupDescription(group.Group, group.State, group.Protocol, members, [.. partitions.Select(DescribePartition)]);

        GroupPartition DescribePartition(TopicPartition partition)
        {
            long? offset = committed.TryGetValue(partition, out var found) ? found : null;
            var lag = ConsumerLag.Of(offset, starts.Of(partition), ends.Of(partition));
            var error = starts.ErrorOf(partition) ?? ends.ErrorOf(partition);
            var reader = readers.GetValueOrDefault(partition);
            return new GroupPartition(partition.Topic, partition.Partition, offset, ends.Of(partition), lag, reader, error);
        }
    }

    /// <summary>Which partitions a member was given.</summary>
    public static IEnumerable<TopicPartition> PartitionsOf(GroupMemberInfo member) =>
        MemberAssignment.Parse(member.MemberAssignment).Select(assigned => new TopicPartition(assigned.Topic, assigned.Partition));

    static GroupMember Describe(GroupMemberInfo member) =>
        new(member.MemberId, member.ClientId, member.ClientHost.TrimStart('/'), MemberAssignment.Parse(member.MemberAssignment));
}
