using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Millrace.ClickHouse.Diagnostics;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.ClickHouse.Kafka;

/// <summary>A consumer of a queue table, as its group knows it.</summary>
/// <param name="Brokers">kafka_broker_list: host:port, separated by commas.</param>
sealed record QueueTableConsumer(string Brokers, string Group, string MemberId)
{
    /// <summary>Of both requests: brokers of every age take it, and it says all that is to be said.</summary>
    const short Version = 0;

    const int DefaultPort = 9092;

    /// <summary>
    /// Takes it out of its group. ClickHouse does not: it destroys its consumers with RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE
    /// (src/Storages/Kafka/KafkaConsumer.cpp), on which librdkafka keeps silent, and the partitions stay taken until the session times out.
    /// Brokers that want TLS or SASL are left to that time-out.
    /// </summary>
    public async Task LeaveAsync(ILogger logger, CancellationToken cancellation)
    {
        try
        {
            var error = await AskToLeaveAsync(await FindCoordinatorAsync(cancellation), cancellation);
            if (error == ErrorCode.None) logger.LeftGroup(MemberId, Group);
            else logger.LeaveFailed(MemberId, Group, $"error code {(short)error}");
        }
        catch (Exception e) when (
            e is IOException or SocketException or ArgumentException or ProtocolViolationException or OperationCanceledException)
        {
            logger.LeaveFailed(MemberId, Group, e.Message);
        }
    }

    async Task<ErrorCode> AskToLeaveAsync((string Host, int Port) coordinator, CancellationToken cancellation)
    {
        var request = new LeaveGroupRequest(Group, [new(MemberId, null)]);
        var answer = await SendAsync(coordinator, ApiKey.LeaveGroup, writer => request.Write(writer, Version), cancellation);
        var reader = new KafkaReader(answer);
        return LeaveGroupResponse.Read(ref reader, Version).Error;
    }

    async Task<(string Host, int Port)> FindCoordinatorAsync(CancellationToken cancellation)
    {
        var reader = new KafkaReader(await AskAnyBrokerAsync(cancellation));
        var coordinator = FindCoordinatorResponse.Read(ref reader, Version).Coordinators[0];
        return coordinator.Error == ErrorCode.None
            ? (coordinator.Host, coordinator.Port)
            : throw new IOException($"no coordinator, error code {(short)coordinator.Error}");
    }

    async Task<ReadOnlyMemory<byte>> AskAnyBrokerAsync(CancellationToken cancellation)
    {
        var request = new FindCoordinatorRequest(FindCoordinatorRequest.GroupKey, [Group]);
        var brokers = Brokers.Split(',', StringSplitOptions.TrimEntries);
        for (var i = 0; ; i++)
        {
            try
            {
                return await SendAsync(
                    Address(brokers[i]), ApiKey.FindCoordinator, writer => request.Write(writer, Version), cancellation);
            }
            catch (Exception e) when (e is IOException or SocketException && i < brokers.Length - 1)
            {
                // The next one is asked.
            }
        }
    }

    static Task<ReadOnlyMemory<byte>> SendAsync(
        (string Host, int Port) broker, ApiKey apiKey, Action<KafkaWriter> write, CancellationToken cancellation) =>
        KafkaCall.SendAsync(broker, new(apiKey, Version, CorrelationId: 0), write, cancellation);

    static (string Host, int Port) Address(string broker)
    {
        var colon = broker.LastIndexOf(':');
        if (colon < 0) return (broker, DefaultPort);
        return ushort.TryParse(broker.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (broker[..colon].Trim('[', ']'), port)
            : throw new IOException($"{broker} names no port");
    }
}
