using Millrace.Kafka.Protocol.Records;
using Millrace.Testing;

namespace Millrace.Kafka.Protocol.Tests.Records;

public sealed class RecordBatchHeaderTests
{
    public static TheoryData<string> Goldens => [.. GoldenBatches.All.Keys];

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Batches_of_real_clients_are_understood_and_written_back_the_same(string name)
    {
        var bytes = GoldenBatches.All[name];

        var header = RecordBatchHeader.Read(bytes);

        Assert.Equal(bytes.Length, header.SizeInBytes);
        Assert.Equal(RecordBatchHeader.CurrentMagic, header.Magic);
        Assert.Equal((GoldenBatches.RecordsEach, GoldenBatches.RecordsEach - 1), (header.RecordsCount, header.LastOffsetDelta));
        Assert.Equal(name.Split(' ')[1], header.Codec.ToString(), ignoreCase: true);
        Assert.True(header is { IsIdempotent: true, BaseSequence: 0, LastSequence: GoldenBatches.RecordsEach - 1, IsControl: false });
        Assert.Equal(header.Crc, RecordBatchHeader.ComputeCrc(bytes, bytes.AsSpan(RecordBatchHeader.Size)));
        var written = new byte[RecordBatchHeader.Size];
        header.Write(written);
        Assert.Equal(bytes[..RecordBatchHeader.Size], written);
    }

    [Fact]
    public void The_crc_covers_every_byte_after_it_and_none_before()
    {
        var bytes = GoldenBatches.All["Java none"];
        var crc = RecordBatchHeader.Read(bytes).Crc;

        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 0x10;
            Assert.Equal(i < RecordBatchHeader.AttributesAt, RecordBatchHeader.ComputeCrc(changed, changed.AsSpan(RecordBatchHeader.Size)) == crc);
        }
    }

    [Theory]
    [InlineData(5, 3, 8)]
    [InlineData(int.MaxValue, 1, 0)]
    [InlineData(int.MaxValue - 1, 3, 1)]
    public void Sequences_wrap_to_zero(int sequence, int count, int expected) =>
        Assert.Equal(expected, RecordBatchHeader.AddToSequence(sequence, count));

    [Fact]
    public void A_builder_makes_the_bytes_that_the_java_client_made()
    {
        var golden = GoldenBatches.All["Java none"];
        var header = RecordBatchHeader.Read(golden);
        var builder = new RecordBatchBuilder { ProducerId = header.ProducerId, ProducerEpoch = header.ProducerEpoch, BaseSequence = header.BaseSequence };
        var walker = new RecordWalker(golden.AsSpan(RecordBatchHeader.Size));
        while (!walker.AtEnd)
        {
            Assert.True(walker.MoveNext());
            builder.Add(header.BaseTimestamp + walker.TimestampDelta, null, walker.Value.ToArray());
        }

        var built = builder.Build();

        // The broker stored the leader epoch; a producer sends -1.
        (RecordBatchHeader.Read(built) with { PartitionLeaderEpoch = header.PartitionLeaderEpoch }).Write(built);
        Assert.Equal(golden, built);
    }
}
