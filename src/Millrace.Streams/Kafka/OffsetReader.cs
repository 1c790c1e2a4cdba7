using System.Globalization;
using Confluent.Kafka;
using Millrace.Streams.Kafka.Native;

namespace Millrace.Streams.Kafka;

/// <summary>Reads where partitions begin and end and what one consumer group has committed, without joining it. Safe from any thread; every call blocks for a bounded time.</summary>
public sealed class OffsetReader : IDisposable
{
    /// <summary>For who asks only where partitions begin and end; it is never joined and commits nothing, so no broker lists it.</summary>
    public const string NoGroup = "millrace";

    const long LogStart = -2;
    const long LogEnd = -1;

    readonly ClientHandle _client;
    readonly string _bootstrap;
    readonly TimeSpan _limit;

    /// <param name="limit">How long to wait for an answer; <see cref="KafkaClientProperties.AnswerLimit"/> unless given.</param>
    /// <exception cref="LibrdkafkaMissingException">Kafka's client library is not installed.</exception>
    public OffsetReader(StandEndpoints endpoints, string groupId, TimeSpan? limit = null)
    {
        _bootstrap = endpoints.Kafka;
        _limit = limit ?? KafkaClientProperties.AnswerLimit;
        var properties = KafkaClientProperties.For(endpoints);
        properties.Set("group.id", groupId);
        properties.Set("enable.auto.commit", "false");
        // The log end offset in the word's own sense; with the default the broker answers with the last stable offset.
        properties.Set("isolation.level", "read_uncommitted");
        properties.Set("log_level", "0");
        _client = ClientHandle.Create(properties);
    }

    int LimitMilliseconds => (int)_limit.TotalMilliseconds;

    /// <summary>The lowest offset each partition still has, inclusive.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or an error for one of the partitions.</exception>
    public IReadOnlyDictionary<TopicPartition, long> LogStartOffsets(IReadOnlyList<TopicPartition> partitions) => OffsetsFor(partitions, LogStart);

    /// <summary>The next offset each partition will assign, exclusive.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or an error for one of the partitions.</exception>
    public IReadOnlyDictionary<TopicPartition, long> LogEndOffsets(IReadOnlyList<TopicPartition> partitions) => OffsetsFor(partitions, LogEnd);

    /// <summary>The next offset the group will read of each partition; a partition the group never committed is not in it.</summary>
    /// <exception cref="KafkaUnavailableException">No answer in time, or an error for one of the partitions.</exception>
    public IReadOnlyDictionary<TopicPartition, long> CommittedOffsets(IReadOnlyList<TopicPartition> partitions)
    {
        if (partitions.Count == 0) return new Dictionary<TopicPartition, long>();
        using var list = new PartitionListHandle(partitions, Offset.Unset);
        Check(Librdkafka.rd_kafka_committed(_client, list, LimitMilliseconds), "OffsetFetch");
        return Read(list, "OffsetFetch").Where(answer => answer.Offset >= 0).ToDictionary(answer => answer.TopicPartition, answer => answer.Offset.Value);
    }

    public void Dispose() => _client.Dispose();

    Dictionary<TopicPartition, long> OffsetsFor(IReadOnlyList<TopicPartition> partitions, long timestamp)
    {
        if (partitions.Count == 0) return [];
        using var list = new PartitionListHandle(partitions, timestamp);
        Check(Librdkafka.rd_kafka_offsets_for_times(_client, list, LimitMilliseconds), "ListOffsets");
        return Read(list, "ListOffsets").ToDictionary(answer => answer.TopicPartition, answer => answer.Offset.Value);
    }

    IEnumerable<TopicPartitionOffsetError> Read(PartitionListHandle list, string request) => list.Answers().Select(answer => answer.Error.IsError
        ? throw KafkaUnavailableException.Refused(_bootstrap, string.Create(CultureInfo.InvariantCulture, $"{request} for {answer.Topic}[{answer.Partition.Value}]"), answer.Error.Reason)
        : answer);

    void Check(int error, string request)
    {
        var code = (ErrorCode)error;
        if (code == ErrorCode.NoError) return;
        var silence = code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_WaitCoord;
        throw silence
            ? KafkaUnavailableException.NoAnswer(_bootstrap, _limit)
            : KafkaUnavailableException.Refused(_bootstrap, request, new Error(code).Reason);
    }
}
