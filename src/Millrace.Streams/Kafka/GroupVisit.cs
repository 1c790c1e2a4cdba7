using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Makes a consumer group share out its partitions anew: a member more joins, which no coordinator can answer with the assignment of
/// before, and leaves as soon as it has its own. It reads nothing, and commits nothing unless told, so the next owner of its share begins
/// where the group was.
/// </summary>
static class GroupVisit
{
    /// <summary>Under which the visitor is seen in the group.</summary>
    public const string ClientId = "millrace-visitor";

    /// <summary>group.min.session.timeout.ms of a broker; for a visitor that is killed.</summary>
    const int SessionTimeoutMs = 6_000;

    /// <summary>The members hear of the rebalance with their next heartbeat; ClickHouse's join again within a second.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>Blocks its thread until it has left again.</summary>
    /// <param name="topic">One that exists: librdkafka joins no group without (rd_kafka_cgrp_join of its rdkafka_cgrp.c).</param>
    /// <param name="commit">What it commits before it leaves, for partitions that no other member reads.</param>
    /// <exception cref="KafkaUnavailableException">It was not let in, in time or at all.</exception>
    public static void Run(
        StandEndpoints endpoints,
        string topic,
        TimeProvider time,
        CancellationToken stop,
        IReadOnlyCollection<TopicPartitionOffset>? commit = null)
    {
        var trouble = new ClientTrouble();
        var hasJoined = false;
        var properties = new ConsumerConfig(KafkaClientProperties.For(endpoints))
        {
            ClientId = ClientId,
            GroupId = endpoints.Identity.Group,
            SessionTimeoutMs = SessionTimeoutMs,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
        };
        var builder = new ConsumerBuilder<Ignore, Ignore>(properties).SetPartitionsAssignedHandler((_, _) => TakeNone())
            .SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => trouble.Note(error));
        using var visitor = KafkaPropertyException.Guard(builder.Build);
        try
        {
            visitor.Subscribe(topic);
            var started = time.GetTimestamp();
            while (!hasJoined && !stop.IsCancellationRequested)
            {
                if (time.GetElapsedTime(started) > Limit) throw trouble.ToException(endpoints.Kafka, Limit);
                visitor.Consume(PollLimit);
            }
            if (hasJoined && commit is not null) visitor.Commit(commit);
            visitor.Close();
        }
        catch (KafkaException e)
        {
            throw KafkaUnavailableException.Refused(endpoints.Kafka, "JoinGroup", e.Error.Reason, e);
        }

        IEnumerable<TopicPartitionOffset> TakeNone()
        {
            hasJoined = true;
            return [];
        }
    }
}
