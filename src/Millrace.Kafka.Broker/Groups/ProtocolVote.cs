namespace Millrace.Kafka.Broker.Groups;

/// <summary>How members with different abilities agree on one protocol.</summary>
static class ProtocolVote
{
    /// <summary>Whether a newcomer with these protocols could agree with the members on one.</summary>
    public static bool CanAgree(IReadOnlyCollection<GroupMember> members, IEnumerable<MemberProtocol> protocols) =>
        protocols.Any(protocol => members.All(member => member.Supports(protocol.Name)));

    /// <summary>
    /// Each member votes for the first of its protocols that all know; most votes win, the earlier voter among equals. null without
    /// members.
    /// </summary>
    public static string? Select(IReadOnlyCollection<GroupMember> members) =>
        members.Select(voter => voter.Protocols.FirstOrDefault(protocol => members.All(member => member.Supports(protocol.Name))).Name)
            .CountBy(name => name)
            .OrderByDescending(votes => votes.Value)
            .FirstOrDefault().Key;
}
