using Confluent.Kafka;
using Millrace.Streams.Events;

namespace Millrace.Streams.Tests.Events;

public class EmitterOptionsTests
{
    [Fact]
    public void Nothing_set_gives_a_thousand_a_second_with_all_acks()
    {
        var options = EmitterOptions.FromEnvironment(_ => null);

        Assert.Equal(new EmitterOptions(), options);
        Assert.Equal(1000, options.MessagesPerSecond);
        Assert.Equal(Acks.All, options.Acks);
    }

    [Fact]
    public void Every_variable_is_read()
    {
        var options = Read(("MESSAGES_PER_SECOND", "150000"), ("PRODUCER_ACKS", "1"), ("PRODUCER_BATCH_SIZE", "65536"), ("PRODUCER_LINGER_MS", "0"),
            ("PRODUCER_COMPRESSION", "zstd"), ("EMITTER_EVENTS", "10"), ("EMITTER_SEED", "-4"),
            ("EMITTER_LATE", "0.1"), ("EMITTER_DUPLICATES", ".25"), ("EMITTER_MALFORMED", "1"), ("EMITTER_HOT_KEY", "0"),
            ("EMITTER_RATE_PROFILE", "Ramp 1000 .. 20000  over 60s"));

        var expected = new EmitterOptions
        {
            MessagesPerSecond = 150_000,
            RateProfile = "ramp 1000 .. 20000 over 60s",
            Acks = Acks.Leader,
            BatchSize = 65_536,
            LingerMs = 0,
            Compression = CompressionType.Zstd,
            Events = 10,
            Seed = -4,
            Shares = new EventShares(Late: 0.1, Duplicates: 0.25, Malformed: 1),
        };
        Assert.Equal(expected, options);
    }

    [Theory]
    [InlineData("all", Acks.All)]
    [InlineData("-1", Acks.All)]
    [InlineData("1", Acks.Leader)]
    [InlineData("0", Acks.None)]
    public void Acks_are_written_as_in_Kafka(string value, Acks acks) => Assert.Equal(acks, Read(("PRODUCER_ACKS", value)).Acks);

    [Theory]
    [InlineData("MESSAGES_PER_SECOND", "-1", "a whole number from 0 to 10000000")]
    [InlineData("MESSAGES_PER_SECOND", "1e3", "a whole number from 0 to 10000000")]
    [InlineData("MESSAGES_PER_SECOND", "99999999999", "a whole number from 0 to 10000000")]
    [InlineData("PRODUCER_ACKS", "2", "one of all, -1, 1, 0")]
    [InlineData("PRODUCER_ACKS", "ALL", "one of all, -1, 1, 0")]
    [InlineData("PRODUCER_BATCH_SIZE", "64k", "a whole number from 0 to 1000000")]
    [InlineData("PRODUCER_LINGER_MS", "0.5", "a whole number from 0 to 900000")]
    [InlineData("PRODUCER_COMPRESSION", "brotli", "one of none, gzip, snappy, lz4, zstd")]
    [InlineData("EMITTER_LATE", "-0.1", "a number from 0 to 1")]
    [InlineData("EMITTER_DUPLICATES", "1.1", "a number from 0 to 1")]
    [InlineData("EMITTER_MALFORMED", "5%", "a number from 0 to 1")]
    [InlineData("EMITTER_HOT_KEY", "NaN", "a number from 0 to 1")]
    [InlineData("EMITTER_EVENTS", "0", "a whole number from 1 to 2147483647")]
    public void A_wrong_value_is_refused_in_one_sentence(string variable, string value, string allowed)
    {
        var error = Assert.Throws<EmitterOptionException>(() => Read((variable, value)));

        Assert.Equal($"{variable} is '{value}'; it must be {allowed}", error.Message);
    }

    static EmitterOptions Read(params (string Name, string Value)[] variables) =>
        EmitterOptions.FromEnvironment(name => variables.SingleOrDefault(variable => variable.Name == name).Value);
}
