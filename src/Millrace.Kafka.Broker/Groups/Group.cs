using Microsoft.Extensions.Logging;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// One group: its state, its generation and its members. Knows what is allowed, not when to do it: see <see cref="Rebalance"/>.
/// </summary>
/// <remarks>Everything but <see cref="Id"/> and <see cref="Gate"/> is guarded by <see cref="Gate"/>.</remarks>
sealed class Group(string id, TimeProvider clock, ILogger logger)
{
    readonly OrderedDictionary<string, GroupMember> _members = [];
    readonly Dictionary<string, string> _memberIdByInstance = [];

    public string Id { get; } = id;

    public Lock Gate { get; } = new();

    public GroupState State { get; private set; } = GroupState.Empty;

    /// <summary>When <see cref="State"/> was entered, Unix milliseconds; 0 before the first change.</summary>
    public long StateSinceMs { get; private set; }

    /// <summary>Number of completed joins; 0 before the first.</summary>
    public int GenerationId { get; private set; }

    /// <summary>null for a group that never had members.</summary>
    public string? ProtocolType { get; private set; }

    /// <summary>What the members agreed on; null without members.</summary>
    public string? ProtocolName { get; private set; }

    public string? LeaderId { get; private set; }

    /// <summary>Topics of all members; null where the coordinator can't know them.</summary>
    public IReadOnlySet<string>? SubscribedTopics { get; private set; }

    /// <summary>Rebalances from Empty wait longer, so that members started together share the first generation.</summary>
    public bool IsInitialRebalance { get; private set; }

    /// <summary>Someone joined since the initial rebalance's delay was last set.</summary>
    public bool NewMemberAdded { get; set; }

    public IReadOnlyCollection<GroupMember> Members => _members.Values;

    /// <summary>Ids given out with MEMBER_ID_REQUIRED (KIP-394) that have not come back, with what forgets them.</summary>
    public Dictionary<string, GroupTimer> PendingMembers { get; } = [];

    /// <summary>Members of this generation that have not asked for their assignment.</summary>
    public HashSet<string> PendingSyncs { get; } = [];

    public GroupTimer JoinDeadline => field ??= NewTimer();

    public GroupTimer SyncDeadline => field ??= NewTimer();

    /// <summary>A rebalance takes as long as its slowest member may.</summary>
    public TimeSpan RebalanceTimeout => _members.Values.Select(member => member.RebalanceTimeout).DefaultIfEmpty().Max();

    public bool HasEveryoneJoined => PendingMembers.Count == 0 && _members.Values.All(member => member.IsAwaitingJoin);

    public GroupTimer NewTimer() => new(this, clock, logger);

    public GroupMember? Find(string memberId) => _members.GetValueOrDefault(memberId);

    public GroupMember? FindStatic(string instanceId) => _memberIdByInstance.TryGetValue(instanceId, out var id) ? _members[id] : null;

    public bool IsLeader(GroupMember member) => member.Id == LeaderId;

    /// <summary>What is wrong with a request in the name of this member, if anything.</summary>
    public ErrorCode Check(string memberId, string? instanceId)
    {
        if (instanceId is not null)
        {
            if (FindStatic(instanceId) is not { } current) return ErrorCode.UnknownMemberId;
            if (current.Id != memberId) return ErrorCode.FencedInstanceId;
        }
        return _members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    /// <summary>The first member founds the protocol type and leads.</summary>
    public void Add(GroupMember member, string protocolType)
    {
        if (_members.Count == 0) ProtocolType = protocolType;
        _members.Add(member.Id, member);
        if (member.InstanceId is { } instanceId) _memberIdByInstance[instanceId] = member.Id;
        LeaderId ??= member.Id;
    }

    /// <summary>What the member waits for is answered: it is no member any more.</summary>
    public void Remove(GroupMember member)
    {
        member.AnswerJoin(JoinGroupResponse.Failed(ErrorCode.UnknownMemberId, member.Id));
        member.AnswerSync(SyncGroupResponse.Failed(ErrorCode.UnknownMemberId));
        _members.Remove(member.Id);
        if (member.InstanceId is { } instanceId) _memberIdByInstance.Remove(instanceId);
        PendingSyncs.Remove(member.Id);
        member.Session.Dispose();
        if (IsLeader(member)) LeaderId = _members.Count > 0 ? _members.GetAt(0).Key : null;
    }

    /// <summary>
    /// The static member goes on under a new id; its place, its assignment and its leadership stay. Whoever waits under the old id is
    /// fenced.
    /// </summary>
    public void Replace(GroupMember member, string newId)
    {
        member.AnswerJoin(JoinGroupResponse.Failed(ErrorCode.FencedInstanceId, member.Id));
        member.AnswerSync(SyncGroupResponse.Failed(ErrorCode.FencedInstanceId));
        if (IsLeader(member)) LeaderId = newId;
        if (PendingSyncs.Remove(member.Id)) PendingSyncs.Add(newId);
        _members.Remove(member.Id);
        member.TakeId(newId);
        _members.Add(newId, member);
        _memberIdByInstance[member.InstanceId!] = newId;
    }

    /// <summary>Puts a joined member in the place of a leader that did not rejoin; false where nobody has joined.</summary>
    public bool ElectJoinedLeader()
    {
        if (LeaderId is { } leader && _members[leader].IsAwaitingJoin) return true;
        if (_members.Values.FirstOrDefault(member => member.IsAwaitingJoin) is not { } joined) return false;
        LeaderId = joined.Id;
        return true;
    }

    public void BecomePreparing()
    {
        IsInitialRebalance = State == GroupState.Empty;
        NewMemberAdded = false;
        Become(GroupState.PreparingRebalance);
    }

    /// <summary>Counts the generation up and settles its protocol. Without members the group is Empty.</summary>
    public void StartNextGeneration()
    {
        GenerationId++;
        PendingSyncs.Clear();
        ProtocolName = ProtocolVote.Select(_members.Values);
        SubscribedTopics = ComputeSubscribedTopics();
        Become(_members.Count > 0 ? GroupState.CompletingRebalance : GroupState.Empty);
    }

    public void BecomeStable() => Become(GroupState.Stable);

    public void BecomeDead()
    {
        Become(GroupState.Dead);
        JoinDeadline.Dispose();
        SyncDeadline.Dispose();
        foreach (var forget in PendingMembers.Values) forget.Dispose();
        foreach (var member in _members.Values) member.Session.Dispose();
    }

    /// <summary>Takes up what was stored when the group was last Stable or Empty. Members are added by the caller first.</summary>
    public void Restore(GroupMetadata stored)
    {
        State = _members.Count > 0 ? GroupState.Stable : GroupState.Empty;
        StateSinceMs = stored.StateSinceMs;
        GenerationId = stored.GenerationId;
        ProtocolType = stored.ProtocolType;
        ProtocolName = stored.ProtocolName;
        LeaderId = stored.LeaderId;
        SubscribedTopics = ComputeSubscribedTopics();
    }

    public GroupMetadata ToMetadata() =>
        new(Id, GenerationId, ProtocolType ?? "", ProtocolName, LeaderId, StateSinceMs, [.. _members.Values.Select(StoredMember.Of)]);

    /// <summary>A group whose subscriptions can't be read counts as subscribed to everything.</summary>
    public bool IsSubscribedTo(string topic) =>
        SubscribedTopics?.Contains(topic) ?? ProtocolType == ConsumerProtocolSubscription.ProtocolType;

    void Become(GroupState next)
    {
        if (!State.MayBecome(next)) throw new InvalidOperationException($"group {Id} can't go from {State} to {next}");
        State = next;
        StateSinceMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
    }

    HashSet<string>? ComputeSubscribedTopics()
    {
        if (ProtocolType != ConsumerProtocolSubscription.ProtocolType) return null;
        var topics = new HashSet<string>();
        foreach (var member in _members.Values)
        {
            if (ConsumerSubscription.ReadTopics(member.MetadataFor(ProtocolName)) is not { } subscribed) return null;
            topics.UnionWith(subscribed);
        }
        return topics;
    }
}
