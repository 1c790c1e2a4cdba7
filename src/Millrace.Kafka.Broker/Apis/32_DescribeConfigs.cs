using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Topics;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// DescribeConfigs, versions 1 to 4. The settings of a topic, or of this broker, as far as they mean something here.
//
// Differs from Apache Kafka: it lists some dozen settings, not two hundred; documentation (version 3) is never given.
//
// UNKNOWN_TOPIC_OR_PARTITION   no such topic
// INVALID_REQUEST              a broker other than this one, or a resource that is neither topic nor broker
static class DescribeConfigsApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = DescribeConfigsRequest.Read(ref reader, context.Version);
        var results = Array.ConvertAll(request.Resources, resource => Describe(context.Broker, resource, request.IncludeSynonyms));
        new DescribeConfigsResponse(results).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }

    static DescribeConfigsResponse.Result Describe(BrokerState broker, DescribeConfigsRequest.Resource resource, bool synonyms) => resource.Type switch
    {
        ConfigResourceType.Topic when broker.Topics.Find(resource.Name) is { } topic =>
            Described(resource, TopicConfigKey.All.Select(key => Describe(topic.Config, key, broker.Options, synonyms))),
        ConfigResourceType.Topic => Failed(resource, ErrorCode.UnknownTopicOrPartition, $"there is no topic '{resource.Name}'"),
        ConfigResourceType.Broker when resource.Name is "" or BrokerState.NodeIdText =>
            Described(resource, BrokerConfig.Describe(broker.Options)),
        ConfigResourceType.Broker => Failed(resource, ErrorCode.InvalidRequest, $"this is broker {BrokerState.NodeId}, not '{resource.Name}'"),
        _ => Failed(resource, ErrorCode.InvalidRequest, "only topics and brokers have configs here"),
    };

    static DescribeConfigsResponse.Config Describe(TopicConfig config, TopicConfigKey key, BrokerOptions options, bool synonyms) => new(
        key.Name, config.Value(key), ReadOnly: false, config.Source(key), key.Type, synonyms ? Synonyms(config, key, options) : []);

    static DescribeConfigsResponse.Synonym[] Synonyms(TopicConfig config, TopicConfigKey key, BrokerOptions options)
    {
        var ofBroker = new DescribeConfigsResponse.Synonym(key.BrokerName, key.Default(options), ConfigSource.DefaultConfig);
        return config.Overrides.TryGetValue(key.Name, out var value)
            ? [new(key.Name, value, ConfigSource.TopicConfig), ofBroker]
            : [ofBroker];
    }

    static DescribeConfigsResponse.Result Described(
        DescribeConfigsRequest.Resource resource, IEnumerable<DescribeConfigsResponse.Config> configs) => new(
        ErrorCode.None, "", resource.Type, resource.Name, [.. configs.Where(config => resource.Wants(config.Name))]);

    static DescribeConfigsResponse.Result Failed(DescribeConfigsRequest.Resource resource, ErrorCode error, string message) =>
        new(error, message, resource.Type, resource.Name, []);
}
