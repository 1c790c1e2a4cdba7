using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>A JoinGroup request with its bytes copied out of the frame, and what its version lets the answer be.</summary>
sealed class Joining(JoinGroupRequest request, GroupClient client, short version)
{
    public GroupClient Client { get; } = client;

    public string MemberId { get; } = request.MemberId;

    public string? InstanceId { get; } = request.GroupInstanceId;

    public string ProtocolType { get; } = request.ProtocolType;

    public MemberProtocol[] Protocols { get; } = MemberProtocol.CopyOf(request.Protocols);

    public TimeSpan SessionTimeout { get; } = TimeSpan.FromMilliseconds(request.SessionTimeoutMs);

    /// <summary>
    /// A negative one is over at once, as in Apache Kafka (TimingWheel.java); .NET's timers take -1 for never and throw on the rest.
    /// </summary>
    public TimeSpan RebalanceTimeout { get; } = TimeSpan.FromMilliseconds(Math.Max(0, request.RebalanceTimeoutMs));

    public bool RequiresKnownMemberId => version >= JoinGroupRequest.FirstWithKnownMemberId;

    public bool SupportsSkipAssignment => version >= JoinGroupRequest.FirstWithSkipAssignment;

    public string NewMemberId() => $"{InstanceId ?? Client.ClientId}-{Guid.NewGuid()}";

    public Task<JoinGroupResponse> RefuseAsync(ErrorCode error) => Task.FromResult(JoinGroupResponse.Failed(error, MemberId));
}
