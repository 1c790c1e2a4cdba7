using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>Reads single records whole.</summary>
sealed class WholeRecordReader(StandEndpoints endpoints, string groupId)
    : PlaceReader<byte[]?, TopicRecord>(endpoints, groupId, fetchBytes: 64 * 1024, fields: "all")
{
    protected override TopicRecord Found(ConsumeResult<byte[]?, byte[]?> result) => TopicRecord.Of(result);
}
