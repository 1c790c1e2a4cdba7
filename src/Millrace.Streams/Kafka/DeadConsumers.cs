using System.Net;
using Confluent.Kafka;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;
using ErrorCode = Millrace.Kafka.Protocol.ErrorCode;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Takes the consumers of a ClickHouse that was killed out of their group, as it had no time to: until their sessions end, 6 s in a stand,
/// nobody else is given their partitions. Kafka lets anybody who may read the group do so (LeaveGroup,
/// https://kafka.apache.org/protocol#The_Messages_LeaveGroup); a member that lives after all joins again.
/// </summary>
public static class DeadConsumers
{
    /// <summary>The first of LeaveGroup: it says all that is to be said.</summary>
    const short Version = 0;

    /// <summary>For a broker that answers at all. One that does not is about to forget the members by itself, or never knew them.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Asks for it and never fails: what is not done now happens when the sessions end.</summary>
    /// <param name="broker">The only broker of its cluster, so that it coordinates every group; speaks plain text.</param>
    /// <returns>How many left.</returns>
    public static async Task<int> RemoveAsync(IPEndPoint broker, string group, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Limit);
        try
        {
            var metadata = new BrokerMetadata(0, broker.Address.ToString(), broker.Port);
            using var connection = await BrokerConnection.OpenAsync(metadata, limited.Token).ConfigureAwait(false);
            var left = 0;
            var found = await BrokerGroups.DescribeAsync(connection, metadata, [group], limited.Token).ConfigureAwait(false);
            var dead = found.SelectMany(described => described.Members)
                .Where(member => member.ClientId.StartsWith(QueueClients.OfClickHouse, StringComparison.Ordinal));
            foreach (var member in dead)
                if (await LeaveAsync(connection, group, member.MemberId, limited.Token).ConfigureAwait(false)) left++;
            return left;
        }
        catch (Exception e) when (BrokerConnection.IsTrouble(e) || e is OperationCanceledException)
        {
            return 0;
        }
    }

    static async Task<bool> LeaveAsync(BrokerConnection connection, string group, string member, CancellationToken cancellation)
    {
        var request = new LeaveGroupRequest(group, [new(member, null)]);
        var answer = await connection
            .AskAsync(ApiKey.LeaveGroup, Version, writer => request.Write(writer, Version), cancellation).ConfigureAwait(false);
        var reader = new KafkaReader(answer);
        return LeaveGroupResponse.Read(ref reader, Version).Error == ErrorCode.None;
    }
}
