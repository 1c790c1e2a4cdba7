using System.Globalization;
using Confluent.Kafka;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;
using ErrorCode = Millrace.Kafka.Protocol.ErrorCode;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Asks each broker for the groups that it coordinates, and gives what the others say where one is silent. librdkafka's question to all
/// of them (rd_kafka_list_groups of its rdkafka.c) fails with the first that does: a broker that died is asked until the cluster has
/// noticed, 9 s unless told. Thread-safe.
/// </summary>
static class BrokerGroups
{
    /// <summary>The first: Kafka 0.9 serves it, and so does Apache Kafka 4 (KIP-896).</summary>
    const short Version = 0;

    /// <summary>A group's state, by Kafka's name, where the broker knows of none.</summary>
    const string Dead = "Dead";

    /// <summary>Every group, of whatever kind.</summary>
    /// <param name="limit">For each broker; all are asked at once.</param>
    public static Task<FoundGroups> ListAsync(
        IReadOnlyCollection<BrokerMetadata> brokers, TimeSpan limit, CancellationToken cancellation) =>
        AskAsync(brokers, limit, ListAsync, cancellation);

    /// <summary>One group, if it is there: only its coordinator knows it.</summary>
    /// <inheritdoc cref="ListAsync(IReadOnlyCollection{BrokerMetadata}, TimeSpan, CancellationToken)"/>
    public static async Task<FoundGroups> FindAsync(
        string groupId, IReadOnlyCollection<BrokerMetadata> brokers, TimeSpan limit, CancellationToken cancellation)
    {
        var found = await AskAsync(
            brokers, limit, (connection, broker, stop) => DescribeAsync(connection, broker, [groupId], stop), cancellation)
            .ConfigureAwait(false);
        return found with { Groups = [.. found.Groups.Where(group => group.State != Dead).OrderBy(group => group.Error.IsError)] };
    }

    static async Task<FoundGroups> AskAsync(
        IReadOnlyCollection<BrokerMetadata> brokers, TimeSpan limit,
        Func<BrokerConnection, BrokerMetadata, CancellationToken, Task<IEnumerable<GroupInfo>>> question, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(brokers.Select(broker => AskAsync(broker, limit, question, cancellation))).ConfigureAwait(false);
        return new FoundGroups(
            [.. answers.SelectMany(answer => answer ?? [])],
            [.. brokers.Zip(answers).Where(pair => pair.Second is null).Select(pair => NameOf(pair.First))]);
    }

    /// <returns>null: the broker gave no answer.</returns>
    static async Task<IEnumerable<GroupInfo>?> AskAsync(
        BrokerMetadata broker, TimeSpan limit,
        Func<BrokerConnection, BrokerMetadata, CancellationToken, Task<IEnumerable<GroupInfo>>> question, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(limit);
        try
        {
            using var connection = await BrokerConnection.OpenAsync(broker, over.Token).ConfigureAwait(false);
            return await question(connection, broker, over.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (BrokerConnection.IsTrouble(e))
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    static async Task<IEnumerable<GroupInfo>> ListAsync(BrokerConnection connection, BrokerMetadata broker, CancellationToken cancellation)
    {
        var answer = await connection
            .AskAsync(ApiKey.ListGroups, Version, writer => new ListGroupsRequest([], []).Write(writer, Version), cancellation)
            .ConfigureAwait(false);
        var listed = Read(answer, ListGroupsResponse.Read);
        // It coordinates none yet, or is about to: what it says later is not known now.
        if (listed.Error != ErrorCode.None) throw new IOException($"{NameOf(broker)} does not list its groups: {listed.Error}");
        string[] ids = [.. listed.Groups.Select(group => group.GroupId)];
        return ids.Length == 0 ? [] : await DescribeAsync(connection, broker, ids, cancellation).ConfigureAwait(false);
    }

    /// <summary>Groups that this broker coordinates.</summary>
    internal static async Task<IEnumerable<GroupInfo>> DescribeAsync(
        BrokerConnection connection, BrokerMetadata broker, string[] ids, CancellationToken cancellation)
    {
        var answer = await connection
            .AskAsync(ApiKey.DescribeGroups, Version, writer => new DescribeGroupsRequest(ids).Write(writer, Version), cancellation)
            .ConfigureAwait(false);
        return Read(answer, DescribeGroupsResponse.Read).Groups
            .Where(group => group.Error is not (ErrorCode.NotCoordinator or ErrorCode.GroupIdNotFound))
            .Select(group => Describe(broker, group));
    }

    static GroupInfo Describe(BrokerMetadata broker, DescribeGroupsResponse.Group group) => new(
        broker, group.GroupId, new Error((Confluent.Kafka.ErrorCode)group.Error), group.State, group.ProtocolType, group.ProtocolName,
        [
            .. group.Members.Select(member => new GroupMemberInfo(
                member.MemberId, member.ClientId, member.ClientHost, member.Metadata.ToArray(), member.Assignment.ToArray())),
        ]);

    static T Read<T>(ReadOnlyMemory<byte> answer, Reader<T> read)
    {
        var reader = new KafkaReader(answer);
        return read(ref reader, Version);
    }

    static string NameOf(BrokerMetadata broker) =>
        string.Create(CultureInfo.InvariantCulture, $"broker {broker.BrokerId} at {broker.Host}:{broker.Port}");

    delegate T Reader<out T>(ref KafkaReader reader, short version);
}

/// <summary>Groups, and who did not tell. Immutable.</summary>
/// <param name="Silent">Brokers that gave no answer, in words: of groups that they coordinate nothing is known.</param>
sealed record FoundGroups(IReadOnlyList<GroupInfo> Groups, IReadOnlyList<string> Silent);
