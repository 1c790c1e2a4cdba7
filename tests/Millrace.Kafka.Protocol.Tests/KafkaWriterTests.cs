namespace Millrace.Kafka.Protocol.Tests;

public sealed class KafkaWriterTests
{
    // A compact length takes one byte up to 126 bytes of content, two up to 16382, three up to 2097150 (length + 1, seven bits a byte).
    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, 5, true)]
    [InlineData(126, 127, true)]
    [InlineData(127, 126, true)]
    [InlineData(1 << 20, 0, true)]
    [InlineData(1 << 20, 16382, true)]
    [InlineData(0, 3_000_000, true)]
    [InlineData(1 << 20, 7, false)]
    public void Bytes_of_a_length_not_known_before_are_written_as_if_it_had_been(int likelyLength, int length, bool flexible)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        using var open = new KafkaWriter();
        open.WriteInt16(1);
        var bytes = open.BeginBytes(likelyLength, flexible);
        content.CopyTo(open.GetSpan(length));
        open.Advance(length);
        open.EndBytes(bytes);
        open.WriteInt16(2);

        using var known = new KafkaWriter();
        known.WriteInt16(1);
        known.WriteBytes(content, flexible);
        known.WriteInt16(2);
        Assert.Equal(known.Written.ToArray(), open.Written.ToArray());
    }

    [Fact]
    public void An_answer_larger_than_any_array_is_a_protocol_violation()
    {
        using var writer = new KafkaWriter();
        writer.WriteInt8(1);
        Assert.Throws<ProtocolViolationException>(() => writer.GetSpan(int.MaxValue).Length);
    }
}
