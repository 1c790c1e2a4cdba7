using System.Globalization;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Basics;

/// <summary>
/// One setting that a user may change, under its name in Apache Kafka (https://kafka.apache.org/documentation/#brokerconfigs).
/// </summary>
/// <param name="Read">Its value as Kafka writes it.</param>
/// <param name="Write">
/// The options with another value; null where the text is none. Its range is the matter of <see cref="BrokerOptionsCheck"/>.
/// </param>
public sealed record BrokerSetting(
    string Name, ConfigType Type, Func<BrokerOptions, string> Read, Func<BrokerOptions, string, BrokerOptions?> Write)
{
    /// <summary>Kafka's "no limit".</summary>
    const long NoLimit = -1;

    public static IReadOnlyList<BrokerSetting> All { get; } =
    [
        Switch("auto.create.topics.enable", o => o.AutoCreateTopics, (o, v) => o with { AutoCreateTopics = v }),
        Time("connections.max.idle.ms", ConfigType.Long, o => o.ConnectionsMaxIdle, (o, v) => o with { ConnectionsMaxIdle = v }),
        Time("group.initial.rebalance.delay.ms", ConfigType.Int, o => o.GroupInitialRebalanceDelay,
            (o, v) => o with { GroupInitialRebalanceDelay = v }),
        Int("log.index.interval.bytes", o => o.IndexIntervalBytes, (o, v) => o with { IndexIntervalBytes = v }),
        Long("log.retention.bytes", ConfigType.Long, o => o.RetentionBytes, (o, v) => o with { RetentionBytes = v }),
        Time("log.retention.check.interval.ms", ConfigType.Long, o => o.RetentionCheckInterval,
            (o, v) => o with { RetentionCheckInterval = v }),
        Long("log.retention.ms", ConfigType.Long, o => Milliseconds(o.RetentionTime), (o, v) => o with { RetentionTime = Limit(v) }),
        Time("log.roll.ms", ConfigType.Long, o => o.SegmentAge, (o, v) => o with { SegmentAge = v }),
        Int("log.segment.bytes", o => o.SegmentBytes, (o, v) => o with { SegmentBytes = v }),
        Int("max.connections", o => o.MaxConnections, (o, v) => o with { MaxConnections = v }),
        Int("message.max.bytes", o => o.MaxBatchBytes, (o, v) => o with { MaxBatchBytes = v }),
        Int("num.partitions", o => o.DefaultPartitions, (o, v) => o with { DefaultPartitions = v }),
        Long("offsets.retention.minutes", ConfigType.Int, o => (long)o.OffsetsRetention.TotalMinutes,
            (o, v) => o with { OffsetsRetention = Milliseconds(Multiplied(v, 60_000)) }),
        Long("queued.max.request.bytes", ConfigType.Long, o => o.QueuedMaxRequestBytes, (o, v) => o with { QueuedMaxRequestBytes = v }),
        Int("socket.request.max.bytes", o => o.MaxRequestBytes, (o, v) => o with { MaxRequestBytes = v }),
    ];

    /// <summary>The options with what the user asks for.</summary>
    /// <param name="assignments"><c>name=value</c>, in Kafka's names.</param>
    /// <exception cref="BrokerStartException">There is no such setting, or it can't have that value.</exception>
    public static BrokerOptions Apply(BrokerOptions options, IEnumerable<string> assignments)
    {
        options = assignments.Aggregate(options, Apply);
        return BrokerOptionsCheck.Refusal(options) is { } refusal ? throw new BrokerStartException(refusal) : options;
    }

    static BrokerOptions Apply(BrokerOptions options, string assignment)
    {
        var (name, value) = assignment.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at
            ? (assignment[..at].Trim(), assignment[(at + 1)..].Trim())
            : (assignment, "");
        var setting = All.FirstOrDefault(setting => setting.Name == name) ?? throw new BrokerStartException(
            $"The broker has no setting '{name}': it has {string.Join(", ", All.Select(setting => setting.Name))}, each with = and a value.");
        return setting.Write(options, value) ?? throw new BrokerStartException($"{name} can't be '{value}'.");
    }

    static BrokerSetting Switch(string name, Func<BrokerOptions, bool> read, Func<BrokerOptions, bool, BrokerOptions> write) =>
        new(name, ConfigType.Boolean, o => read(o) ? "true" : "false",
            (o, text) => bool.TryParse(text, out var value) ? write(o, value) : null);

    static BrokerSetting Int(string name, Func<BrokerOptions, int> read, Func<BrokerOptions, int, BrokerOptions> write) =>
        new(name, ConfigType.Int, o => Text(read(o)),
            (o, text) => Parse(text) is >= int.MinValue and <= int.MaxValue and var value ? write(o, (int)value) : null);

    static BrokerSetting Long(
        string name, ConfigType type, Func<BrokerOptions, long> read, Func<BrokerOptions, long, BrokerOptions> write) =>
        new(name, type, o => Text(read(o)), (o, text) => Parse(text) is { } value ? write(o, value) : null);

    static BrokerSetting Time(
        string name, ConfigType type, Func<BrokerOptions, TimeSpan> read, Func<BrokerOptions, TimeSpan, BrokerOptions> write) =>
        Long(name, type, o => (long)read(o).TotalMilliseconds, (o, value) => write(o, Milliseconds(value)));

    static long? Parse(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    static long Milliseconds(TimeSpan? time) => time is { } limit ? (long)limit.TotalMilliseconds : NoLimit;

    static TimeSpan? Limit(long milliseconds) => milliseconds == NoLimit ? null : Milliseconds(milliseconds);

    /// <summary>Kafka's longest time is longer than .NET's: it is cut.</summary>
    static TimeSpan Milliseconds(long milliseconds)
    {
        var longest = (long)TimeSpan.MaxValue.TotalMilliseconds - 1;
        return TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, -longest, longest));
    }

    static long Multiplied(long value, long factor) =>
        value > long.MaxValue / factor ? long.MaxValue : value < long.MinValue / factor ? long.MinValue : value * factor;
}
