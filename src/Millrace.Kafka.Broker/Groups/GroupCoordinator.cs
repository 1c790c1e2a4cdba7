using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// Owns all groups of the broker: finds the group a request is about, takes its lock and lets the group's rules decide. Offsets it has said
/// yes to survive the end of the process; so do stable groups, whose members go on in the same generation.
/// </summary>
/// <remarks>
/// Thread-safe. One lock per group, held for one request at a time and never while waiting; below it only <see cref="GroupStore"/>'s. Joins
/// and syncs wait as tasks, without a lock or a thread.
/// </remarks>
sealed class GroupCoordinator : IAsyncDisposable
{
    /// <summary>group.min.session.timeout.ms and group.max.session.timeout.ms, both inclusive. In milliseconds.</summary>
    const int MinSessionTimeoutMs = 6_000, MaxSessionTimeoutMs = 1_800_000;

    /// <summary>offsets.retention.check.interval.ms.</summary>
    static readonly TimeSpan ExpiryInterval = TimeSpan.FromMinutes(10);

    readonly ConcurrentDictionary<string, Group> _groups = new();
    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly GroupStore _store;
    readonly GroupSessions _sessions;
    readonly GroupJoin _join;
    readonly GroupSync _sync;
    readonly GroupLeave _leave;
    readonly OffsetCommits _commits;
    readonly OffsetExpiry _expiry;
    readonly ITimer _expiryTimer;

    GroupCoordinator(GroupStore store, BrokerOptions options, Func<string, int, bool> partitionExists, TimeProvider clock, ILogger logger)
    {
        _clock = clock;
        _logger = logger;
        _store = store;
        var rebalance = new Rebalance(options.GroupInitialRebalanceDelay, store, logger);
        _sessions = new GroupSessions(rebalance, logger);
        _join = new GroupJoin(rebalance, _sessions, store, logger);
        _sync = new GroupSync(rebalance, store, logger);
        _leave = new GroupLeave(rebalance, logger);
        _commits = new OffsetCommits(partitionExists, store, clock);
        _expiry = new OffsetExpiry(options.OffsetsRetention, store, clock, logger);
        foreach (var (groupId, metadata) in store.Groups) _groups[groupId] = Restore(groupId, metadata);
        _expiryTimer = clock.CreateTimer(_ => ExpireOffsets(), null, ExpiryInterval, ExpiryInterval);
    }

    /// <param name="partitionExists">
    /// Whether a topic has this partition: offsets of others are not committed. Called with a group's lock held.
    /// </param>
    /// <exception cref="IOException">The directory can't be used; the message says why.</exception>
    public static GroupCoordinator Open(
        string directory, BrokerOptions options, IFileSystem files, Func<string, int, bool> partitionExists, TimeProvider clock,
        ILogger logger) =>
        new(GroupStore.Open(files, directory, logger), options, partitionExists, clock, logger);

    /// <summary>
    /// The task may take as long as a rebalance. Nobody has to wait for it: a member whose connection is gone joins again or runs out of
    /// session.
    /// </summary>
    public Task<JoinGroupResponse> JoinAsync(JoinGroupRequest request, GroupClient client, short version)
    {
        var joining = new Joining(request, client, version);
        if (request.GroupId.Length == 0) return joining.RefuseAsync(ErrorCode.InvalidGroupId);
        if (request.SessionTimeoutMs is < MinSessionTimeoutMs or > MaxSessionTimeoutMs)
            return joining.RefuseAsync(ErrorCode.InvalidSessionTimeout);
        // Only who has no id yet can found a group: an id that no group knows is from before it was removed.
        var group = request.MemberId.Length == 0 ? FindOrAdd(request.GroupId) : _groups.GetValueOrDefault(request.GroupId);
        if (group is null) return joining.RefuseAsync(ErrorCode.UnknownMemberId);
        lock (group.Gate) return _join.JoinAsync(group, joining);
    }

    /// <inheritdoc cref="JoinAsync"/>
    public Task<SyncGroupResponse> SyncAsync(SyncGroupRequest request)
    {
        if (request.GroupId.Length == 0) return Task.FromResult(SyncGroupResponse.Failed(ErrorCode.InvalidGroupId));
        if (!_groups.TryGetValue(request.GroupId, out var group))
            return Task.FromResult(SyncGroupResponse.Failed(ErrorCode.UnknownMemberId));
        lock (group.Gate) return _sync.SyncAsync(group, request);
    }

    public ErrorCode Heartbeat(HeartbeatRequest request)
    {
        if (request.GroupId.Length == 0) return ErrorCode.InvalidGroupId;
        if (!_groups.TryGetValue(request.GroupId, out var group)) return ErrorCode.UnknownMemberId;
        lock (group.Gate) return GroupSessions.Heartbeat(group, request);
    }

    public LeaveGroupResponse Leave(LeaveGroupRequest request)
    {
        if (request.GroupId.Length == 0) return new LeaveGroupResponse(ErrorCode.InvalidGroupId, []);
        if (!_groups.TryGetValue(request.GroupId, out var group)) return GroupLeave.LeaveUnknownGroup(request);
        lock (group.Gate) return _leave.Leave(group, request);
    }

    /// <summary>
    /// Offsets without an error in the answer survive the end of the process. The empty group id is a group like any other here.
    /// </summary>
    public OffsetCommitResponse CommitOffsets(OffsetCommitRequest request, short version)
    {
        var group = request.GenerationId < 0 ? FindOrAdd(request.GroupId) : _groups.GetValueOrDefault(request.GroupId);
        if (group is null) return OffsetCommits.RefuseAll(request, version >= 9 ? ErrorCode.GroupIdNotFound : ErrorCode.IllegalGeneration);
        lock (group.Gate) return _commits.Commit(group, request);
    }

    public OffsetFetchResponse.Group FetchOffsets(OffsetFetchRequest.Group asked) => OffsetFetches.Fetch(_store, asked);

    public DescribeGroupsResponse.Group Describe(string groupId, short version)
    {
        if (!_groups.TryGetValue(groupId, out var group)) return GroupDescriptions.DescribeUnknown(groupId, version);
        lock (group.Gate) return GroupDescriptions.Describe(group);
    }

    public ListGroupsResponse List(ListGroupsRequest request) => new(GroupDescriptions.List(_groups.Values, request));

    public ErrorCode Delete(string groupId)
    {
        if (!_groups.TryGetValue(groupId, out var group)) return ErrorCode.GroupIdNotFound;
        lock (group.Gate)
        {
            return group.State switch
            {
                GroupState.Dead => ErrorCode.GroupIdNotFound,
                GroupState.Empty => TryRemove(group, "deleted by a client") ? ErrorCode.None : ErrorCode.CoordinatorNotAvailable,
                _ => ErrorCode.NonEmptyGroup,
            };
        }
    }

    public OffsetDeleteResponse DeleteOffsets(OffsetDeleteRequest request)
    {
        if (!_groups.TryGetValue(request.GroupId, out var group)) return new OffsetDeleteResponse(ErrorCode.GroupIdNotFound, []);
        lock (group.Gate) return _commits.Delete(group, request);
    }

    /// <summary>
    /// The topic was deleted: one of the same name starts at offset 0 again, and no group must go on where it was in the old one.
    /// </summary>
    /// <exception cref="IOException">
    /// The disk did not take it for a group: to be called again before there is a topic of that name.
    /// </exception>
    public void ForgetTopic(string topic)
    {
        foreach (var group in _groups.Values)
        {
            lock (group.Gate)
            {
                var partitions = _store.OffsetsOf(group.Id).Select(each => each.Key).Where(partition => partition.Topic == topic).ToArray();
                if (partitions.Length == 0) continue;
                if (!_store.TryApply(new OffsetsForgotten(group.Id, partitions)))
                    throw new IOException($"group '{group.Id}' could not forget its offsets of the deleted topic '{topic}'");
                _logger.OffsetsRemoved(group.Id, partitions.Length, $"topic {topic} was deleted");
            }
        }
    }

    /// <summary>Parked joins and syncs are not answered: their connections close.</summary>
    public async ValueTask DisposeAsync()
    {
        await _expiryTimer.DisposeAsync().ConfigureAwait(false);
        foreach (var group in _groups.Values)
            lock (group.Gate) group.BecomeDead();
        _store.Dispose();
    }

    Group FindOrAdd(string groupId) => _groups.GetOrAdd(groupId, NewGroup);

    Group NewGroup(string groupId) => new(groupId, _clock, _logger);

    Group Restore(string groupId, GroupMetadata? metadata)
    {
        var group = NewGroup(groupId);
        if (metadata is null) return group;
        lock (group.Gate)
        {
            foreach (var stored in metadata.Members) group.Add(_sessions.Restore(group, stored), metadata.ProtocolType);
            group.Restore(metadata);
        }
        return group;
    }

    void ExpireOffsets()
    {
        foreach (var group in _groups.Values)
            Background.Run(_logger, $"expiry of the offsets of group {group.Id}", () => ExpireOffsets(group));
    }

    void ExpireOffsets(Group group)
    {
        lock (group.Gate)
        {
            var isUsed = _expiry.Apply(group) || group.State != GroupState.Empty || group.PendingMembers.Count > 0;
            if (!isUsed) TryRemove(group, "it has neither members nor offsets");
        }
    }

    bool TryRemove(Group group, string reason)
    {
        if (!_store.TryApply(new GroupForgotten(group.Id))) return false;
        group.BecomeDead();
        _groups.TryRemove(group.Id, out _);
        _logger.GroupRemoved(group.Id, reason);
        return true;
    }
}
