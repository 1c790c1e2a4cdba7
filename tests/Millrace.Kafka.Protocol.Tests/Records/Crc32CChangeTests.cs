using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Protocol.Tests.Records;

public sealed class Crc32CChangeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(4095)]
    [InlineData(1_048_576)]
    [InlineData(1_234_567)]
    public void The_checksum_is_that_of_all_bytes_read_again(int stay)
    {
        var random = new Random(stay);
        var before = Bytes(random, 40 + stay);
        byte[] after = [.. Bytes(random, 40), .. before[40..]];

        var told = new Crc32CChange(stay).Apply(Crc32C.Compute(before), before.AsSpan(0, 40), after.AsSpan(0, 40));

        Assert.Equal(Crc32C.Compute(after), told);
    }

    static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
