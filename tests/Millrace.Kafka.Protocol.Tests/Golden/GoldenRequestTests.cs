namespace Millrace.Kafka.Protocol.Tests.Golden;

public sealed class GoldenRequestTests
{
    public static TheoryData<string, ApiKey, short> Frames()
    {
        var data = new TheoryData<string, ApiKey, short>();
        foreach (var frame in GoldenFrame.All) data.Add(frame.Client, frame.ApiKey, frame.Version);
        return data;
    }

    [Theory, MemberData(nameof(Frames))]
    public void A_real_client_s_request_is_read_to_its_last_byte(string client, ApiKey apiKey, short version)
    {
        var frame = GoldenFrame.Find(client, apiKey, version);
        Assert.Equal(0, RequestReaders.ReadFrame(frame.Bytes, apiKey, version).Left);
    }

    [Theory, MemberData(nameof(Frames))]
    public void A_request_cut_short_anywhere_is_a_protocol_violation(string client, ApiKey apiKey, short version)
    {
        var frame = GoldenFrame.Find(client, apiKey, version).Bytes;
        for (var length = 4; length < frame.Length; length++)
        {
            var cut = frame.AsMemory(0, length);
            Assert.Throws<ProtocolViolationException>(() => RequestReaders.ReadFrame(cut, apiKey, version));
        }
    }
}
