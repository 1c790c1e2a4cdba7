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
        var readers = members.SelectMany(member => member.Assignments, (member, assignment) => (member, assignment))
            .ToDictionary(pair => new TopicPartition(pair.assignment.Topic, pair.assignment.Partition), pair => pair.member.MemberId);
        var partitions = ends.Keys.Where(partition => committed.ContainsKey(partition) || readers.ContainsKey(partition))
            .OrderBy(partition => partition.Topic, StringComparer.Ordinal).ThenBy(partition => partition.Partition.Value);
        return new GroupDescription(group.Group, group.State, group.Protocol, members, [.. partitions.Select(Describe)]);

        GroupPartition Describe(TopicPartition partition)
        {
            long? offset = committed.TryGetValue(partition, out var found) ? found : null;
            var lag = Math.Max(0, ends[partition] - (offset ?? starts[partition]));
            return new GroupPartition(partition.Topic, partition.Partition, offset, ends[partition], lag, readers.GetValueOrDefault(partition));
        }
    }
}
