using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>Puts together what Kafka says of a group in several answers.</summary>
static class GroupReading
{
    public static GroupDescription Describe(
        GroupInfo group, IReadOnlyDictionary<TopicPartition, long> committed, IReadOnlyDictionary<TopicPartition, long> starts, IReadOnlyDictionary<TopicPartition, long> ends)
    {
        var members = group.Members.Select(member => new GroupMember(
            member.MemberId, member.ClientId, member.ClientHost.TrimStart('/'), MemberAssignment.Parse(member.MemberAssignment))).ToList();
        // A group may share out its partitions as it likes, so one may have two readers: the first stands for both.
        var readers = members.SelectMany(member => member.Assignments, (member, assignment) => (Partition: new TopicPartition(assignment.Topic, assignment.Partition), member.MemberId))
            .DistinctBy(reader => reader.Partition)
            .ToDictionary(reader => reader.Partition, reader => reader.MemberId);
        var partitions = ends.Keys.Where(partition => committed.ContainsKey(partition) || readers.ContainsKey(partition))
            .OrderBy(partition => partition.Topic, StringComparer.Ordinal).ThenBy(partition => partition.Partition.Value);
        return new GroupDescription(group.Group, group.State, group.Protocol, members, [.. partitions.Select(Describe)]);

        GroupPartition Describe(TopicPartition partition)
        {
            long? offset = committed.TryGetValue(partition, out var found) ? found : null;
            var lag = ConsumerLag.Of(offset, starts[partition], ends[partition]);
            return new GroupPartition(partition.Topic, partition.Partition, offset, ends[partition], lag, readers.GetValueOrDefault(partition));
        }
    }
}
