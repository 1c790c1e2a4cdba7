using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>Reads the timestamps of single records: Unix milliseconds, 0 for a record without one.</summary>
sealed class TimestampReader(StandEndpoints endpoints, string groupId)
    : PlaceReader<Ignore, long>(endpoints, groupId, fetchBytes: 8 * 1024, fields: "timestamp,topic")
{
    protected override long Found(ConsumeResult<Ignore, Ignore> result) =>
        result.Message.Timestamp is { Type: not TimestampType.NotAvailable } timestamp ? timestamp.UnixTimestampMs : 0;
}
