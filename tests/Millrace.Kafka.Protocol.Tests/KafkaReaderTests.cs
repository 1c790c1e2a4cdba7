namespace Millrace.Kafka.Protocol.Tests;

public sealed class KafkaReaderTests
{
    [Fact]
    public void An_array_longer_than_its_first_allocation_is_read_whole()
    {
        var numbers = Enumerable.Range(0, 5000).ToArray();
        using var writer = new KafkaWriter();
        writer.WriteInt32Array(numbers, flexible: true);
        Assert.Equal(numbers, new KafkaReader(writer.Written).ReadInt32Array(flexible: true));
    }

    [Fact]
    public void A_count_of_elements_that_is_a_lie_costs_no_memory()
    {
        // A million bytes can't hold a million int32: the lie is found after a quarter of them, but not by allocating for all of them first.
        var frame = new byte[1_000_000];
        frame.AsSpan(0, 4).Fill(0);
        frame[1] = 0x0f; // 0x000f0000 = 983040 elements
        Assert.Throws<ProtocolViolationException>(() => new KafkaReader(frame).ReadInt32Array(flexible: false));
    }

    [Fact]
    public void Elements_are_counted_over_all_arrays_of_a_frame()
    {
        using var writer = new KafkaWriter();
        const int Arrays = 11, Each = 100_000;
        for (var i = 0; i < Arrays; i++) writer.WriteInt32Array(new int[Each], flexible: true);
        var frame = writer.Written;
        Assert.Throws<ProtocolViolationException>(() => ReadAll(frame, Arrays));
        Assert.Equal((Arrays - 1) * Each, ReadAll(frame, Arrays - 1));

        static int ReadAll(ReadOnlyMemory<byte> frame, int arrays)
        {
            var reader = new KafkaReader(frame);
            var elements = 0;
            for (var i = 0; i < arrays; i++) elements += reader.ReadInt32Array(flexible: true).Length;
            return elements;
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 })] // six bytes
    [InlineData(new byte[] { 0xff, 0xff })] // unfinished
    public void A_variable_length_integer_that_does_not_end_is_a_protocol_violation(byte[] bytes) =>
        Assert.Throws<ProtocolViolationException>(() => new KafkaReader(bytes).ReadUnsignedVarInt());
}
