using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Conformance.Brokers;

namespace Millrace.Conformance.Verbs;

/// <summary>What the tests of every verb share. Names are unique, because they share brokers, too.</summary>
[Collection(nameof(KafkaBrokers))]
public abstract class ConformanceTests(KafkaBrokers brokers)
{
    /// <summary>How long one call of a client may take.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected Task<string> BootstrapAsync(BrokerKind kind) => brokers.BootstrapAsync(kind);

    protected static string NewName(string what) => $"{what}-{Guid.NewGuid():N}";

    protected async Task<IAdminClient> AdminAsync(BrokerKind kind) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = await BootstrapAsync(kind) }).Build();

    /// <summary>A new topic whose partitions take records.</summary>
    protected async Task<string> CreateTopicAsync(BrokerKind kind, int partitions = 3)
    {
        var name = NewName("topic");
        using var admin = await AdminAsync(kind);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions }]);
        await Testing.Eventually.Holds(() => IsReady(admin, name, partitions), $"{name} has leaders");
        return name;
    }

    protected async Task ProduceAsync(BrokerKind kind, string topic, IEnumerable<string> values, Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = await BootstrapAsync(kind), LingerMs = 5 };
        configure?.Invoke(config);
        using var producer = new ProducerBuilder<string, string>(config).Build();
        var sent = values.Select(value => producer.ProduceAsync(topic, new() { Key = value, Value = value })).ToArray();
        await Task.WhenAll(sent).WaitAsync(Patience);
    }

    static bool IsReady(IAdminClient admin, string topic, int partitions)
    {
        var metadata = admin.GetMetadata(topic, Patience).Topics.Single();
        return metadata.Partitions.Count == partitions && metadata.Partitions.All(partition => partition.Leader >= 0);
    }
}
