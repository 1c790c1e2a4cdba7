using System.Globalization;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Topics;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

/// <summary>The broker's own settings under Apache Kafka's names (https://kafka.apache.org/documentation/#brokerconfigs).</summary>
static class BrokerConfig
{
    public static IEnumerable<DescribeConfigsResponse.Config> Describe(BrokerOptions options) =>
    [
        .. Own(options),
        .. TopicConfigKey.All.Select(key => Config(key.BrokerName, key.Default(options), key.Type)),
    ];

    static IEnumerable<DescribeConfigsResponse.Config> Own(BrokerOptions options) =>
    [
        Config("auto.create.topics.enable", options.AutoCreateTopics ? "true" : "false", ConfigType.Boolean),
        Config("connections.max.idle.ms", Milliseconds(options.ConnectionsMaxIdle), ConfigType.Long),
        Config("default.replication.factor", "1", ConfigType.Int),
        Config("group.initial.rebalance.delay.ms", Milliseconds(options.GroupInitialRebalanceDelay), ConfigType.Int),
        Config("log.dirs", options.DataDirectory, ConfigType.String),
        Config("log.index.interval.bytes", Text(options.IndexIntervalBytes), ConfigType.Int),
        Config("log.retention.check.interval.ms", Milliseconds(options.RetentionCheckInterval), ConfigType.Long),
        Config("node.id", BrokerState.NodeIdText, ConfigType.Int),
        Config("num.partitions", Text(options.DefaultPartitions), ConfigType.Int),
        Config("offsets.retention.minutes", Text((long)options.OffsetsRetention.TotalMinutes), ConfigType.Int),
        Config("socket.request.max.bytes", Text(options.MaxRequestBytes), ConfigType.Int),
    ];

    static DescribeConfigsResponse.Config Config(string name, string value, ConfigType type) =>
        new(name, value, ReadOnly: true, ConfigSource.StaticBrokerConfig, type, Synonyms: []);

    static string Milliseconds(TimeSpan time) => Text((long)time.TotalMilliseconds);

    static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
