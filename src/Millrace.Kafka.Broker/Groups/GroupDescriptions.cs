using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>What people are told about a group.</summary>
static class GroupDescriptions
{
    /// <summary>The only group type there is here (KIP-848 brought the name).</summary>
    const string ClassicType = "classic";

    /// <summary>
    /// Called with the group's lock held. Subscriptions are shown of a stable group only: before, no protocol is settled.
    /// </summary>
    public static DescribeGroupsResponse.Group Describe(Group group)
    {
        var protocolName = group.State == GroupState.Stable ? group.ProtocolName : null;
        return new DescribeGroupsResponse.Group(
            ErrorCode.None, null, group.Id, group.State.ToString(), group.ProtocolType ?? "", protocolName ?? "",
            [.. group.Members.Select(member => new DescribeGroupsResponse.Member(
                member.Id, member.InstanceId, member.Client.ClientId, member.Client.Host, member.MetadataFor(protocolName), member.Assignment))]);
    }

    public static DescribeGroupsResponse.Group DescribeUnknown(string groupId, short version) =>
        version >= DescribeGroupsRequest.FirstWithUnknownGroupError
            ? new(ErrorCode.GroupIdNotFound, $"Group {groupId} not found.", groupId, nameof(GroupState.Dead), "", "", [])
            : new(ErrorCode.None, null, groupId, nameof(GroupState.Dead), "", "", []);

    public static ListGroupsResponse.Group[] List(IEnumerable<Group> groups, ListGroupsRequest request) =>
        Passes(request.TypesFilter, ClassicType)
            ? [.. groups.Select(ListEntry).Where(entry => Passes(request.StatesFilter, entry.State))]
            : [];

    static ListGroupsResponse.Group ListEntry(Group group)
    {
        lock (group.Gate) return new(group.Id, group.ProtocolType ?? "", group.State.ToString(), ClassicType);
    }

    static bool Passes(string[] filter, string value) => filter.Length == 0 || filter.Contains(value, StringComparer.OrdinalIgnoreCase);
}
