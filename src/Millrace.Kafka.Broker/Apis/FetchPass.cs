using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Topics;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

/// <summary>Writes the answer to one Fetch; again from its start when it has waited and there may be more.</summary>
/// <remarks>Used by one request. Partitions are looked up in each pass: a topic may go while its Fetch waits.</remarks>
sealed class FetchPass(RequestContext context, FetchRequest request)
{
    /// <summary>
    /// fetch.max.bytes of the broker, its default there (55 MiB): what one answer may hold of the broker's memory, whatever the client
    /// allows.
    /// </summary>
    const int MaxBytes = 57671680;

    readonly int _start = context.Response.Length;
    readonly int _maxBytes = Math.Min(request.MaxBytes, MaxBytes);
    int _bytes;
    long _readable;
    bool _sealed;
    long _appendedBefore;
    bool _failed;
    PartitionLog[] _logs = [];

    /// <summary>
    /// Whether what the last pass wrote can go out without waiting. Bytes count that could be read within the limits, although only whole
    /// batches go out: those may never add up to a minimum as large as a limit (Apache Kafka, ReplicaManager.scala: bytesReadable). Nor
    /// does a sealed segment become any larger (DelayedFetch.scala, case F).
    /// </summary>
    public bool IsEnough => _readable >= MinBytes || _sealed || _failed || request.MaxWaitMs <= 0 || request.Topics.Length == 0;

    /// <summary>
    /// Whether appends since the last pass can have brought what it lacked, or a partition has gone, which is told at once: otherwise
    /// another pass would read the same again.
    /// </summary>
    public bool MayHaveBecomeEnough =>
        _readable + AppendedBytes() - _appendedBefore >= MinBytes || _logs.Any(log => log.Unavailable != ErrorCode.None);

    /// <summary>No answer holds more than its limit (KafkaApis.scala: fetchMinBytes).</summary>
    int MinBytes => Math.Min(request.MinBytes, _maxBytes);

    /// <summary>The logs that the last pass read, as far as they exist.</summary>
    public IReadOnlyList<PartitionLog> Logs => _logs;

    public void Write()
    {
        var (writer, version) = (context.Response, context.Version);
        writer.Truncate(_start);
        _bytes = 0;
        _readable = 0;
        _sealed = false;
        _logs = [.. request.Topics.SelectMany(LogsOf)];
        _appendedBefore = AppendedBytes();
        FetchResponse.WriteStart(writer, version, ErrorCode.None, request.Topics.Length);
        foreach (var topic in request.Topics) WriteTopic(topic);
        FetchResponse.WriteEnd(writer, version);
    }

    long AppendedBytes() => _logs.Sum(log => log.AppendedBytes);

    void WriteTopic(FetchRequest.Topic topic)
    {
        var found = Find(topic);
        FetchResponse.WriteTopicStart(context.Response, context.Version, topic);
        foreach (var partition in topic.Partitions)
        {
            if (found?.Partition(partition.Index) is not { } log) WriteError(partition.Index, Unknown(found), listsAborted: true);
            else if (log.CheckLeaderEpoch(partition.CurrentLeaderEpoch) is not ErrorCode.None and var stale)
                WriteError(partition.Index, stale, request.ReadCommitted);
            else WriteRecords(partition, log);
        }
        FetchResponse.WriteEnd(context.Response, context.Version);
    }

    /// <summary>
    /// The fields before the records tell what reading them will find: room is left for them, and they are written over it afterwards.
    /// </summary>
    void WriteRecords(FetchRequest.Partition partition, PartitionLog log)
    {
        var (writer, version) = (context.Response, context.Version);
        var start = writer.Length;
        FetchResponse.WritePartitionStart(writer, version, partition.Index, ErrorCode.None, 0, 0, request.ReadCommitted);
        var limit = Math.Max(0, Math.Min(partition.MaxBytes, _maxBytes - _bytes));
        var records = writer.BeginBytes(limit, context.Flexible);
        var read = log.Read(partition.FetchOffset, limit, atLeastOneBatch: _bytes == 0, writer);
        if (read.Error != ErrorCode.None)
        {
            writer.Truncate(start);
            WriteError(partition.Index, read.Error, request.ReadCommitted);
            return;
        }
        writer.EndBytes(records);
        var end = writer.Length;
        writer.Truncate(start);
        FetchResponse.WritePartitionStart(writer, version, partition.Index, ErrorCode.None, read.HighWatermark, read.LogStartOffset, request.ReadCommitted);
        writer.Advance(end - writer.Length);
        FetchResponse.WriteEnd(writer, version);
        _bytes += read.Bytes;
        _readable += read.Readable;
        _sealed |= read.Sealed;
    }

    void WriteError(int partition, ErrorCode error, bool listsAborted)
    {
        FetchResponse.WritePartitionStart(context.Response, context.Version, partition, error, highWatermark: -1, logStartOffset: -1, listsAborted);
        context.Response.WriteBytes([], context.Flexible);
        FetchResponse.WriteEnd(context.Response, context.Version);
        _failed = true;
    }

    IEnumerable<PartitionLog> LogsOf(FetchRequest.Topic topic) =>
        topic.Partitions.Select(partition => Find(topic)?.Partition(partition.Index)).OfType<PartitionLog>();

    Topic? Find(FetchRequest.Topic topic) => topic.Name is { } name ? context.Broker.Topics.Find(name) : context.Broker.Topics.Find(topic.Id);

    ErrorCode Unknown(Topic? found) => found is null && context.Version >= FetchRequest.FirstWithTopicIds
        ? ErrorCode.UnknownTopicId
        : ErrorCode.UnknownTopicOrPartition;
}
