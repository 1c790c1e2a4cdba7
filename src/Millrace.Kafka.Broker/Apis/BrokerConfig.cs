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
        Config("default.replication.factor", "1", ConfigType.Int),
        Config("log.dirs", options.DataDirectory, ConfigType.String),
        Config("node.id", BrokerState.NodeIdText, ConfigType.Int),
        .. BrokerSetting.All
            .Where(setting => TopicConfigKey.All.All(key => key.BrokerName != setting.Name))
            .Select(setting => Config(setting.Name, setting.Read(options), setting.Type)),
    ];

    static DescribeConfigsResponse.Config Config(string name, string value, ConfigType type) =>
        new(name, value, ReadOnly: true, ConfigSource.StaticBrokerConfig, type, Synonyms: []);
}
