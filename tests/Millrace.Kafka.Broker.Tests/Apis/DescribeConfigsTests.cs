using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Apis;

public sealed class DescribeConfigsTests : OneTopicTests
{
    [Theory]
    [InlineData(2, "t")]
    [InlineData(4, "1")]
    public async Task An_empty_list_of_keys_means_all_of_them_as_null_does(sbyte type, string name)
    {
        var all = await AskAsync(type, name, keys: null);
        Assert.True(all > 1, $"{all} configs");
        Assert.Equal(all, await AskAsync(type, name, keys: []));
    }

    [Theory]
    [InlineData(2, "t", "retention.ms")]
    [InlineData(4, "1", "log.retention.ms")]
    public async Task Of_named_keys_only_those_are_described_that_there_are(sbyte type, string name, string key) =>
        Assert.Equal(1, await AskAsync(type, name, [key, "nobody.knows.this"]));

    /// <summary>How many settings are described.</summary>
    async Task<int> AskAsync(sbyte type, string name, string[]? keys)
    {
        var answer = await Client.AskAsync(ApiKey.DescribeConfigs, 1, writer =>
        {
            writer.WriteArrayLength(1, flexible: false);
            writer.WriteInt8(type);
            writer.WriteString(name, flexible: false);
            writer.WriteArrayLength(keys?.Length ?? -1, flexible: false);
            foreach (var key in keys ?? []) writer.WriteString(key, flexible: false);
            writer.WriteBoolean(false); // include synonyms
        });
        var reader = new KafkaReader(answer);
        reader.ReadInt32(); // throttle time
        Assert.Equal(1, reader.ReadInt32());
        Assert.Equal(ErrorCode.None, (ErrorCode)reader.ReadInt16());
        reader.ReadNullableString(flexible: false);
        Assert.Equal(type, reader.ReadInt8());
        Assert.Equal(name, reader.ReadString(flexible: false));
        return reader.ReadInt32();
    }
}
