using System.Text;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Protocol.Tests.Records;

public sealed class Crc32CTests
{
    /// <summary>RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRC algorithms.</summary>
    [Fact]
    public void Published_values_come_out()
    {
        Assert.Equal(0xe3069283u, Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8a9136aau, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x46dd794eu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0u, Crc32C.Compute([]));
    }

    [Fact]
    public void Continuing_after_any_prefix_gives_the_same_as_all_at_once()
    {
        byte[] bytes = [.. Enumerable.Range(0, 50).Select(i => (byte)(i * 37))];

        for (var split = 0; split <= bytes.Length; split++)
            Assert.Equal(Crc32C.Compute(bytes), Crc32C.Continue(Crc32C.Compute(bytes.AsSpan(0, split)), bytes.AsSpan(split)));
    }
}
