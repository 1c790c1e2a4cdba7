using System.Globalization;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>A topic's settings: what was set for it, over what the broker says. Immutable.</summary>
sealed class TopicConfig(IReadOnlyDictionary<string, string> overrides, BrokerOptions options)
{
    /// <summary>Only what was set for this topic.</summary>
    public IReadOnlyDictionary<string, string> Overrides { get; } = overrides;

    /// <summary>Why these settings can't be a topic's; null when they can.</summary>
    public static string? Refusal(IReadOnlyDictionary<string, string> overrides)
    {
        foreach (var (name, value) in overrides)
        {
            if (TopicConfigKey.Find(name) is not { } key) return $"topic config '{name}' is not known to this broker";
            if (!key.Accepts(value)) return $"topic config '{name}' takes {key.Allowed} on this broker, not '{value}'";
        }
        return null;
    }

    /// <summary>What would be set after some changes.</summary>
    /// <returns>Why they can't be made; null when they can.</returns>
    public string? With(IReadOnlyList<IncrementalAlterConfigsRequest.Change> changes, out Dictionary<string, string> overrides)
    {
        overrides = new Dictionary<string, string>(Overrides);
        foreach (var change in changes)
        {
            if (TopicConfigKey.Find(change.Name) is not { } key) return $"topic config '{change.Name}' is not known to this broker";
            if (change.Operation is AlterConfigOp.Append or AlterConfigOp.Subtract && key.Type != ConfigType.List)
                return $"topic config '{change.Name}' is no list: it can be set or deleted";
            if (change.Operation == AlterConfigOp.Delete) overrides.Remove(change.Name);
            else overrides[change.Name] = Changed(Value(key), change);
        }
        return Refusal(overrides);
    }

    static string Changed(string before, IncrementalAlterConfigsRequest.Change change)
    {
        var (items, named) = (before.Split(',', StringSplitOptions.RemoveEmptyEntries), change.Value!.Split(','));
        return change.Operation switch
        {
            AlterConfigOp.Append => string.Join(',', items.Union(named)),
            AlterConfigOp.Subtract => string.Join(',', items.Except(named)),
            _ => change.Value,
        };
    }

    public string Value(TopicConfigKey key) => Overrides.GetValueOrDefault(key.Name) ?? key.Default(options);

    public ConfigSource Source(TopicConfigKey key) => Overrides.ContainsKey(key.Name) ? ConfigSource.TopicConfig : ConfigSource.DefaultConfig;

    public LogOptions ToLogOptions() => new()
    {
        MaxBatchBytes = (int)Number("max.message.bytes"),
        RetentionBytes = Number("retention.bytes"),
        RetentionTime = Number("retention.ms") is var time and >= 0 ? Time(time) : null,
        SegmentBytes = (int)Number("segment.bytes"),
        SegmentAge = Time(Number("segment.ms")),
        IndexIntervalBytes = options.IndexIntervalBytes,
        LogAppendTime = Text("message.timestamp.type") == "LogAppendTime",
    };

    string Text(string name) => Value(TopicConfigKey.Find(name)!);

    long Number(string name) => long.Parse(Text(name), CultureInfo.InvariantCulture);

    /// <summary>Kafka's longest time is longer than .NET's: it is cut.</summary>
    static TimeSpan Time(long milliseconds) => TimeSpan.FromMilliseconds(Math.Min(milliseconds, (long)TimeSpan.MaxValue.TotalMilliseconds - 1));
}
