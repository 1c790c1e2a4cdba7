using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Apis;

public sealed class MetadataTests : OneTopicTests
{
    const short Version = 12;

    [Theory]
    [InlineData(null)] // librdkafka
    [InlineData("")] // Java's admin client: kafka-topics.sh --describe --topic-id
    public async Task A_topic_is_described_by_its_id_whatever_name_the_client_sends_beside_it(string? name)
    {
        var (error, found, id) = await AskAsync(Guid.Empty, "t");
        Assert.Equal((ErrorCode.None, "t"), (error, found));
        Assert.Equal((ErrorCode.None, "t", id), await AskAsync(id, name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task An_id_that_no_topic_has_is_unknown_as_an_id(string? name)
    {
        var id = Guid.NewGuid();
        Assert.Equal((ErrorCode.UnknownTopicId, null, id), await AskAsync(id, name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_topic_that_is_named_by_nothing_is_invalid(string? name) =>
        Assert.Equal(ErrorCode.InvalidTopicException, (await AskAsync(Guid.Empty, name)).Error);

    async Task<(ErrorCode Error, string? Name, Guid Id)> AskAsync(Guid id, string? name)
    {
        var answer = await Client.AskAsync(ApiKey.Metadata, Version, writer =>
        {
            writer.WriteArrayLength(1, flexible: true);
            writer.WriteUuid(id);
            writer.WriteString(name, flexible: true);
            writer.WriteNoTaggedFields(flexible: true);
            writer.WriteBoolean(false); // allow auto topic creation
            writer.WriteBoolean(false); // include topic authorized operations
            writer.WriteNoTaggedFields(flexible: true);
        });
        return Read(answer);
    }

    static (ErrorCode Error, string? Name, Guid Id) Read(ReadOnlyMemory<byte> body)
    {
        var reader = new KafkaReader(body);
        reader.ReadInt32(); // throttle time
        reader.ReadArray(flexible: true, (ref r) =>
        {
            r.ReadInt32(); // node id
            r.ReadString(flexible: true);
            r.ReadInt32(); // port
            r.ReadNullableString(flexible: true); // rack
            r.SkipTaggedFields(flexible: true);
            return 0;
        });
        reader.ReadString(flexible: true); // cluster id
        reader.ReadInt32(); // controller
        Assert.Equal(2u, reader.ReadUnsignedVarInt()); // one topic
        return ((ErrorCode)reader.ReadInt16(), reader.ReadNullableString(flexible: true), reader.ReadUuid());
    }
}
