using System.Buffers;
using System.Text;
using Millrace.Kafka.Protocol.Records;
using Millrace.Testing;

namespace Millrace.Kafka.Protocol.Tests.Records;

public sealed class RecordWalkerTests
{
    [Theory]
    [InlineData("Java none")]
    [InlineData("LibRdKafka none")]
    public void Records_of_real_clients_are_walked_to_the_end(string name)
    {
        var walker = new RecordWalker(GoldenBatches.All[name].AsSpan(RecordBatchHeader.Size));

        for (var i = 0; i < GoldenBatches.RecordsEach; i++)
        {
            Assert.True(walker.MoveNext());
            Assert.Equal(i, walker.OffsetDelta);
            Assert.Equal($"record number {i + 1}", Encoding.UTF8.GetString(walker.Value));
        }
        Assert.True(walker.AtEnd);
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        var whole = RecordWithHeader();

        Assert.True(new RecordWalker(whole).MoveNext());
        for (var length = 0; length < whole.Length; length++)
            Assert.False(new RecordWalker(whole.AsSpan(0, length)).MoveNext());
    }

    [Fact]
    public void Every_wrong_length_is_noticed()
    {
        var whole = RecordWithHeader();
        // Length, key length, value length, header count, header key length, header value length.
        foreach (var place in (int[])[0, 4, 6, 9, 10, 12])
            foreach (var change in (int[])[-2, 2])
            {
                var wrong = whole.ToArray();
                wrong[place] = (byte)(wrong[place] + change);
                Assert.False(new RecordWalker([.. wrong, 0, 0, 0]).MoveNext(), $"byte {place} changed by {change}");
            }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(63)]
    [InlineData(-64)]
    [InlineData(64)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Varints_are_read_as_written(long value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        RecordVarintWriter.Write(buffer, value);
        var position = 0;

        Assert.True(RecordVarint.TryRead(buffer.WrittenSpan, ref position, out var read));
        Assert.Equal((value, buffer.WrittenCount), (read, position));
    }

    [Fact]
    public void A_varint_that_does_not_end_is_noticed()
    {
        byte[] endless = [.. Enumerable.Repeat((byte)0x80, 20)];
        var position = 0;

        Assert.False(RecordVarint.TryRead(endless, ref position, out _));
    }

    /// <summary>key "k", value "vw", header "h" = "x"; one byte per varint.</summary>
    static byte[] RecordWithHeader() => [2 * 13, 0, 0, 0, 2, (byte)'k', 4, (byte)'v', (byte)'w', 2, 2, (byte)'h', 2, (byte)'x'];
}
