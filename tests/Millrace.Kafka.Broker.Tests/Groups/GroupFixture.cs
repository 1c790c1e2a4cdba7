using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Groups;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Tests.Log;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Groups;

/// <summary>
/// A coordinator with a clock that a test moves and a disk that a test breaks. Topics: t, u and v with partitions 0 to 9.
/// </summary>
sealed class GroupFixture : IAsyncDisposable
{
    public const string Group = "g";
    public static readonly TimeSpan InitialDelay = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan RebalanceTimeout = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan Retention = TimeSpan.FromDays(7);

    const string DataDirectory = "/data";

    public GroupFixture()
    {
        Disk.CreateDirectory(DataDirectory);
        Disk.SyncNames();
        Coordinator = Open();
    }

    public FakeClock Clock { get; private set; } = new();

    public MemoryFileSystem Disk { get; private set; } = new();

    public GroupCoordinator Coordinator { get; private set; }

    public static string JournalPath => Path.Combine(DataDirectory, GroupStore.FileName);

    /// <summary>kill -9 and a new process: nothing is closed, and no timer of the old one fires again.</summary>
    public void KillAndRestart(MemoryFileSystem? disk = null)
    {
        Clock = new FakeClock(Clock.GetUtcNow());
        Disk = disk ?? Disk;
        Coordinator = Open();
    }

    public ValueTask DisposeAsync() => Coordinator.DisposeAsync();

    public Task<JoinGroupResponse> Join(
        string memberId = "", string? instanceId = null, short version = 9, string[]? topics = null, string[]? protocols = null,
        string protocolType = "consumer", string group = Group, TimeSpan? sessionTimeout = null, TimeSpan? rebalanceTimeout = null)
    {
        var request = new JoinGroupRequest(
            group, (int)(sessionTimeout ?? SessionTimeout).TotalMilliseconds, (int)(rebalanceTimeout ?? RebalanceTimeout).TotalMilliseconds,
            memberId, instanceId, protocolType,
            [.. (protocols ?? ["range"]).Select(name => new JoinGroupRequest.Protocol(name, Subscription(topics ?? ["t"])))]);
        return Coordinator.JoinAsync(request, new GroupClient("client", "/127.0.0.1"), version);
    }

    /// <summary>A new dynamic member's two joins (KIP-394).</summary>
    public (string MemberId, Task<JoinGroupResponse> Joined) JoinAsNew(string[]? topics = null, string[]? protocols = null)
    {
        var refused = Join(topics: topics, protocols: protocols).Now();
        Assert.Equal(ErrorCode.MemberIdRequired, refused.Error);
        return (refused.MemberId, Join(refused.MemberId, topics: topics, protocols: protocols));
    }

    /// <summary>A stable group of new dynamic members, the leader first. Each is assigned its own number.</summary>
    public JoinGroupResponse[] FormStableGroup(int size)
    {
        var joined = Enumerable.Range(0, size).Select(_ => JoinAsNew().Joined).ToArray();
        Clock.Advance(InitialDelay * 2);
        var members = joined.Select(task => task.Now()).OrderBy(member => member.MemberId != member.Leader).ToArray();
        SyncAll(members);
        return members;
    }

    public void SyncAll(params JoinGroupResponse[] members)
    {
        var leader = members.Single(member => member.MemberId == member.Leader);
        var followers = members.Where(member => member != leader).Select(member => Sync(member)).ToArray();
        Assert.Equal(ErrorCode.None, Sync(leader, [.. members.Select((member, i) => (member.MemberId, $"{i}"))]).Now().Error);
        foreach (var follower in followers) Assert.Equal(ErrorCode.None, follower.Now().Error);
    }

    public Task<SyncGroupResponse> Sync(JoinGroupResponse member, (string MemberId, string Assignment)[]? assignments = null, string? instanceId = null) =>
        Coordinator.SyncAsync(new SyncGroupRequest(
            Group, member.GenerationId, member.MemberId, instanceId, member.ProtocolType, member.ProtocolName,
            [.. (assignments ?? []).Select(each => new SyncGroupRequest.Assignment(each.MemberId, Encoding.UTF8.GetBytes(each.Assignment)))]));

    public ErrorCode Heartbeat(JoinGroupResponse member, string? instanceId = null) => Heartbeat(member.MemberId, member.GenerationId, instanceId);

    public ErrorCode Heartbeat(string memberId, int generationId, string? instanceId = null) =>
        Coordinator.Heartbeat(new HeartbeatRequest(Group, generationId, memberId, instanceId));

    public ErrorCode Leave(string memberId, string? instanceId = null)
    {
        var response = Coordinator.Leave(new LeaveGroupRequest(Group, [new(memberId, instanceId)]));
        return Assert.Single(response.Members).Error;
    }

    public ErrorCode Commit(JoinGroupResponse member, long offset, string topic = "t", int partition = 0) =>
        Commit(offset, topic, partition, member.GenerationId, member.MemberId);

    public ErrorCode Commit(
        long offset, string topic = "t", int partition = 0, int generationId = -1, string memberId = "", string? instanceId = null,
        string metadata = "", long retentionMs = -1, string group = Group, short version = 9)
    {
        var request = new OffsetCommitRequest(
            group, generationId, memberId, instanceId, retentionMs, [new(topic, [new(partition, offset, CommittedLeaderEpoch: 0, metadata)])]);
        return Coordinator.CommitOffsets(request, version).Topics.Single().Partitions.Single().Error;
    }

    /// <summary>-1 where none is committed.</summary>
    public long Committed(string topic = "t", int partition = 0, string group = Group) =>
        Coordinator.FetchOffsets(new(group, [new(topic, [partition])])).Topics.Single().Partitions.Single().CommittedOffset;

    public DescribeGroupsResponse.Group Describe(string group = Group) => Coordinator.Describe(group, 6);

    public static byte[] Subscription(params string[] topics)
    {
        using var writer = new KafkaWriter();
        writer.WriteInt16(0);
        writer.WriteArray(topics, false, static (w, topic) => w.WriteString(topic, false));
        writer.WriteBytesLength(-1, false);
        return writer.Written.ToArray();
    }

    GroupCoordinator Open() => GroupCoordinator.Open(
        DataDirectory,
        new BrokerOptions { DataDirectory = DataDirectory, GroupInitialRebalanceDelay = InitialDelay, OffsetsRetention = Retention },
        Disk,
        (topic, partition) => topic is "t" or "u" or "v" && partition is >= 0 and < 10,
        Clock,
        NullLogger.Instance);
}

static class Answers
{
    /// <summary>The answer, which must be there already: nothing here happens in the background.</summary>
    public static T Now<T>(this Task<T> answer)
    {
        Assert.True(answer.IsCompleted, "not answered yet");
        return answer.Result;
    }
}
