using System.Globalization;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Setup;

/// <summary>A config that a topic has otherwise than its definition says. Immutable.</summary>
/// <param name="From">null where Kafka shows none of that name, or no value of it.</param>
public sealed record TopicConfigEdit(string Name, string? From, string To)
{
    /// <summary>Records are deleted sooner than before.</summary>
    public bool DeletesSooner => Name.StartsWith("retention.", StringComparison.Ordinal) && Limit(To) < Limit(From ?? "-1");

    /// <summary>What the definition does not state stays as it is.</summary>
    /// <param name="settings">Of the topic that is there.</param>
    public static IReadOnlyList<TopicConfigEdit> Of(StreamDefinition stream, IReadOnlyList<TopicSetting> settings) =>
    [
        .. from config in stream.TopicConfig
        let stored = settings.FirstOrDefault(setting => setting.Name == config.Key)?.Value
        where stored != config.Value
        select new TopicConfigEdit(config.Key, stored, config.Value),
    ];

    /// <summary>-1 is no limit.</summary>
    static decimal Limit(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit) && limit >= 0
            ? limit
            : decimal.MaxValue;
}
