using Millrace.Streams.Kafka;

namespace Millrace.Streams.Tests.Kafka;

public sealed class LibrdkafkaResolverTests
{
    [Theory]
    [InlineData(0x010602ff, "1.6.2")]
    [InlineData(0x020001ff, "2.0.1")]
    public void A_librdkafka_that_is_too_old_is_told(int version, string words) =>
        Assert.Contains($" is {words} here and must be 2.0.2 or newer", Assert.Throws<LibrdkafkaMissingException>(() => LibrdkafkaResolver.RequireUsable(version)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0x020002ff)]
    [InlineData(0x020c00ff)]
    public void From_2_0_2_on_any_will_do(int version) => LibrdkafkaResolver.RequireUsable(version);

    [Fact]
    public void The_one_of_this_machine_is_asked() => LibrdkafkaResolver.Register();
}
