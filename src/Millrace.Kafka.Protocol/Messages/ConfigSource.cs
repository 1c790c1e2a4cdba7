namespace Millrace.Kafka.Protocol.Messages;

/// <summary>Where a configuration value comes from (Apache Kafka, DescribeConfigsResponse.java, ConfigSource).</summary>
public enum ConfigSource : sbyte
{
    TopicConfig = 1,
    StaticBrokerConfig = 4,
    DefaultConfig = 5,
}
