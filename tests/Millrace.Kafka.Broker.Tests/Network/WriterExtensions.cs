using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Network;

static class WriterExtensions
{
    /// <summary>Bytes as they are, without a length in front.</summary>
    public static void WriteRaw(this KafkaWriter writer, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
    }
}
