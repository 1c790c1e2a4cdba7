using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>
/// Makes the client that reads records at places it is told, as ClickHouse's consumer would see them, and joins no group.
/// </summary>
static class RecordClient
{
    /// <param name="groupId">The client asks for a group's coordinator, joined or not: one that the user may look at.</param>
    /// <param name="trouble">Told why it gets nowhere.</param>
    /// <param name="properties">What the reader wants besides.</param>
    /// <exception cref="KafkaPropertyException">A property is wrong.</exception>
    public static ConsumerBuilder<TKey, TValue> For<TKey, TValue>(
        StandEndpoints endpoints, string groupId, ClientTrouble trouble, ConsumerConfig properties)
    {
        var all = new ConsumerConfig(KafkaClientProperties.For(endpoints))
        {
            GroupId = groupId,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            FetchWaitMaxMs = 20,
            EnablePartitionEof = true,
            IsolationLevel = IsolationLevel.ReadCommitted,
        };
        foreach (var (name, value) in properties) all.Set(name, value);
        return new ConsumerBuilder<TKey, TValue>(all).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => trouble.Note(error));
    }
}
