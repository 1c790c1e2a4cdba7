using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>A way of assigning that a member knows, with what it tells the leader for it: for consumers its subscription.</summary>
/// <param name="Metadata">Opaque to the coordinator.</param>
readonly record struct MemberProtocol(string Name, byte[] Metadata)
{
    public static MemberProtocol[] CopyOf(JoinGroupRequest.Protocol[] protocols) =>
        [.. protocols.Select(protocol => new MemberProtocol(protocol.Name, protocol.Metadata.ToArray()))];
}
