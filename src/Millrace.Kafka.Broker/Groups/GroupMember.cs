using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>One member of a group: what it can do, what it was assigned, and its parked request.</summary>
/// <remarks>Guarded by its group's lock.</remarks>
sealed class GroupMember(string id, string? instanceId, GroupClient client)
{
    TaskCompletionSource<JoinGroupResponse>? _parkedJoin;
    TaskCompletionSource<SyncGroupResponse>? _parkedSync;

    public string Id { get; private set; } = id;

    /// <summary>group.instance.id; null for a dynamic member.</summary>
    public string? InstanceId { get; } = instanceId;

    public bool IsStatic => InstanceId is not null;

    public GroupClient Client { get; } = client;

    public TimeSpan SessionTimeout { get; set; }

    public TimeSpan RebalanceTimeout { get; set; }

    /// <summary>Best first.</summary>
    public IReadOnlyList<MemberProtocol> Protocols { get; set; } = [];

    /// <summary>Empty until the leader has assigned.</summary>
    public byte[] Assignment { get; set; } = [];

    /// <summary>Has not had an answer to its first join: it does not know its id, so it can't heartbeat.</summary>
    public bool IsNew { get; set; }

    /// <summary>Runs out when nothing is heard of the member.</summary>
    public required MemberSession Session { get; init; }

    public bool IsAwaitingJoin => _parkedJoin is not null;

    public bool IsAwaitingSync => _parkedSync is not null;

    /// <summary>A static member that came back under a new id.</summary>
    public void TakeId(string id) => Id = id;

    public bool Supports(string protocol) => Protocols.Any(each => each.Name == protocol);

    public bool SpeaksExactly(IReadOnlyList<MemberProtocol> protocols) =>
        Protocols.Count == protocols.Count
        && Protocols.Zip(protocols).All(pair => pair.First.Name == pair.Second.Name && pair.First.Metadata.AsSpan().SequenceEqual(pair.Second.Metadata));

    /// <summary>Empty where the member does not know the protocol.</summary>
    public byte[] MetadataFor(string? protocol) => Protocols.FirstOrDefault(each => each.Name == protocol).Metadata ?? [];

    /// <summary>
    /// The task ends with the answer. A join parked before came over a connection that is gone; whoever still waits for it may go.
    /// </summary>
    public Task<JoinGroupResponse> ParkJoinAsync()
    {
        AnswerJoin(JoinGroupResponse.Failed(ErrorCode.RebalanceInProgress, Id));
        _parkedJoin = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _parkedJoin.Task;
    }

    /// <inheritdoc cref="ParkJoinAsync"/>
    public Task<SyncGroupResponse> ParkSyncAsync()
    {
        AnswerSync(SyncGroupResponse.Failed(ErrorCode.RebalanceInProgress));
        _parkedSync = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _parkedSync.Task;
    }

    /// <summary>Does nothing where no join is parked.</summary>
    public void AnswerJoin(JoinGroupResponse response)
    {
        _parkedJoin?.SetResult(response);
        _parkedJoin = null;
    }

    /// <summary>Does nothing where no sync is parked.</summary>
    public void AnswerSync(SyncGroupResponse response)
    {
        _parkedSync?.SetResult(response);
        _parkedSync = null;
    }
}
