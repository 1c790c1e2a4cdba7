using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Millrace.ClickHouse.Diagnostics;

namespace Millrace.ClickHouse.Kafka;

/// <summary>A consumer of a queue table, as its group knows it.</summary>
/// <param name="Brokers">kafka_broker_list: host:port, separated by commas.</param>
sealed record QueueTableConsumer(string Brokers, string Group, string MemberId)
{
    const short FindCoordinator = 10;
    const short LeaveGroup = 13;
    const int DefaultPort = 9092;

    /// <summary>
    /// Takes it out of its group. ClickHouse does not: it destroys its consumers with RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE
    /// (src/Storages/Kafka/KafkaConsumer.cpp), on which librdkafka keeps silent, and the partitions stay taken until the session times out.
    /// Brokers that want TLS or SASL are left to that time-out.
    /// </summary>
    public async Task Leave(ILogger logger, CancellationToken ct)
    {
        try
        {
            var code = BinaryPrimitives.ReadInt16BigEndian(await KafkaCall.Send(await Coordinator(ct), LeaveGroup, [Group, MemberId], ct));
            if (code == 0) logger.LeftGroup(MemberId, Group);
            else logger.LeaveFailed(MemberId, Group, $"error code {code}");
        }
        catch (Exception e) when (e is IOException or SocketException or ArgumentException or OperationCanceledException)
        {
            logger.LeaveFailed(MemberId, Group, e.Message);
        }
    }

    // The answer: error code (2), node id (4), host (string), port (4).
    async Task<(string Host, int Port)> Coordinator(CancellationToken ct)
    {
        var answer = await AskAnyBroker(ct);
        if (BinaryPrimitives.ReadInt16BigEndian(answer) is not 0 and var code) throw new IOException($"no coordinator, error code {code}");
        var at = sizeof(short) + sizeof(int);
        var host = KafkaCall.ReadString(answer, ref at);
        return (host, BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(at)));
    }

    async Task<byte[]> AskAnyBroker(CancellationToken ct)
    {
        var brokers = Brokers.Split(',', StringSplitOptions.TrimEntries);
        for (var i = 0; ; i++)
        {
            try
            {
                return await KafkaCall.Send(Address(brokers[i]), FindCoordinator, [Group], ct);
            }
            catch (Exception e) when (e is IOException or SocketException && i < brokers.Length - 1)
            {
                // The next one is asked.
            }
        }
    }

    static (string Host, int Port) Address(string broker)
    {
        var colon = broker.LastIndexOf(':');
        if (colon < 0) return (broker, DefaultPort);
        return ushort.TryParse(broker.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (broker[..colon].Trim('[', ']'), port)
            : throw new IOException($"{broker} names no port");
    }
}
