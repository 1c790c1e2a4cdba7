using System.Globalization;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>
/// One setting a topic can have (https://kafka.apache.org/documentation/#topicconfigs); only what this broker honours is listed.
/// </summary>
/// <param name="BrokerName">The broker's setting that gives the default.</param>
/// <param name="Accepts">Whether a value is one that this broker can keep its promise about.</param>
/// <param name="Allowed">What <paramref name="Accepts"/> takes, for the error message.</param>
sealed record TopicConfigKey(
    string Name, string BrokerName, ConfigType Type, Func<BrokerOptions, string> Default, Func<string, bool> Accepts, string Allowed)
{
    /// <summary>Below it Apache Kafka 4 refuses, too: every segment costs file handles.</summary>
    const int MinSegmentBytes = 1024 * 1024;

    public static IReadOnlyList<TopicConfigKey> All { get; } =
    [
        Only("cleanup.policy", "log.cleanup.policy", ConfigType.List, "delete"),
        Only("compression.type", "compression.type", ConfigType.String, "producer"),
        Integer("max.message.bytes", "message.max.bytes", ConfigType.Int, o => o.MaxBatchBytes, min: 0, max: int.MaxValue),
        Only("message.timestamp.type", "log.message.timestamp.type", ConfigType.String, "CreateTime", "LogAppendTime"),
        Only("min.insync.replicas", "min.insync.replicas", ConfigType.Int, "1"),
        Integer("retention.bytes", "log.retention.bytes", ConfigType.Long, o => o.RetentionBytes, min: -1, max: long.MaxValue),
        Integer("retention.ms", "log.retention.ms", ConfigType.Long, o => Milliseconds(o.RetentionTime), min: -1, max: long.MaxValue),
        Integer("segment.bytes", "log.segment.bytes", ConfigType.Int, o => o.SegmentBytes, MinSegmentBytes, int.MaxValue),
        Integer("segment.ms", "log.roll.ms", ConfigType.Long, o => Milliseconds(o.SegmentAge), min: 1, max: long.MaxValue),
    ];

    public static TopicConfigKey? Find(string name) => All.FirstOrDefault(key => key.Name == name);

    /// <param name="values">All that is taken; the first is the default.</param>
    static TopicConfigKey Only(string name, string brokerName, ConfigType type, params string[] values) =>
        new(name, brokerName, type, _ => values[0], values.Contains, string.Join(" or ", values));

    static TopicConfigKey Integer(string name, string brokerName, ConfigType type, Func<BrokerOptions, long> value, long min, long max) =>
        new(name, brokerName, type, o => value(o).ToString(CultureInfo.InvariantCulture), v => IsBetween(v, min, max), $"{min} to {max}");

    static bool IsBetween(string text, long min, long max) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max;

    /// <returns>-1 for null, Kafka's "no limit".</returns>
    static long Milliseconds(TimeSpan? time) => time is { } limit ? (long)limit.TotalMilliseconds : -1;
}
