namespace Millrace.Kafka.Broker.Groups;

/// <summary>How long a member may be silent.</summary>
/// <remarks>Guarded by its group's lock.</remarks>
sealed class MemberSession(GroupTimer timer, Action<GroupMember> expired) : IDisposable
{
    /// <summary>The member was heard of.</summary>
    public void Restart(GroupMember member) => timer.Set(member.SessionTimeout, () => expired(member));

    /// <summary>
    /// A member that joins for the first time does not know its id and can't heartbeat, so its session timeout says nothing. It can't be
    /// seen to disconnect either; the limit keeps those who gave up from piling up (Apache Kafka, GroupCoordinatorConfig.java:
    /// CLASSIC_GROUP_NEW_MEMBER_JOIN_TIMEOUT_MS, KAFKA-7610).
    /// </summary>
    public void StartForNewMember(GroupMember member) => timer.Set(TimeSpan.FromMinutes(5), () => expired(member));

    public void Dispose() => timer.Dispose();
}
