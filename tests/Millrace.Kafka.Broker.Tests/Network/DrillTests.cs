using Millrace.Kafka.Protocol;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Network;

/// <summary>What a drill does to a broker that runs: it ends by itself.</summary>
public sealed class DrillTests
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_client_that_is_cut_off_loses_its_connection_and_gets_no_other_until_the_time_is_over()
    {
        var clock = new FakeClock();
        await using var broker = await TestBroker.StartAsync(clock: clock);
        using var waiting = await broker.ConnectAsync();
        await waiting.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
        await waiting.SendAsync(ApiKey.Fetch, Requests.FetchVersion, Requests.Fetch("t", 0, offset: 0, maxWaitMs: int.MaxValue));
        using var other = await broker.ConnectAsync();
        await AskAsAnotherAsync(other);

        broker.Host.CutOff("tes", Length); // each RawConnection is called test
        Assert.True(await waiting.IsClosedByPeerAsync());
        Assert.True(await IsRefusedAsync(broker));
        await AskAsAnotherAsync(other);
        clock.Advance(Length - TimeSpan.FromMilliseconds(1));
        Assert.True(await IsRefusedAsync(broker));

        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(await IsRefusedAsync(broker));
        broker.Host.CutOff("tes", Length);
        broker.Host.CutOff("tes", TimeSpan.Zero);
        Assert.False(await IsRefusedAsync(broker));
    }

    [Fact]
    public async Task A_disk_without_room_takes_no_record_and_no_topic_and_goes_on_where_it_was_once_the_time_is_over()
    {
        var clock = new FakeClock();
        await using var broker = await TestBroker.StartAsync(clock: clock);
        using var client = await broker.ConnectAsync();
        await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
        var produce = Requests.Produce("t", 0, Requests.Batch("x"));
        Assert.Equal(new ProduceAnswer(ErrorCode.None, 0, 0), await ProduceAnswer.AskAsync(client, produce));

        broker.Host.FillDisk(Length);
        Assert.Equal(ErrorCode.KafkaStorageError, (await ProduceAnswer.AskAsync(client, produce)).Error);
        await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("unmade"));
        Assert.False(Directory.Exists(Path.Combine(broker.Options.DataDirectory, "unmade-0")));
        var held = await FetchAnswer.AskAsync(client, Requests.Fetch("t", 0, offset: 0, maxWaitMs: 0));
        Assert.Equal((ErrorCode.None, 1), (held.Error, held.HighWatermark));

        clock.Advance(Length);
        Assert.Equal(new ProduceAnswer(ErrorCode.None, 1, 0), await ProduceAnswer.AskAsync(client, produce));
        await broker.RestartAsync();
        using var again = await broker.ConnectAsync();
        Assert.Equal(2, (await FetchAnswer.AskAsync(again, Requests.Fetch("t", 0, offset: 0, maxWaitMs: 0))).HighWatermark);
    }

    static async Task AskAsAnotherAsync(RawConnection client)
    {
        await client.SendAsync(new RequestHeader(ApiKey.ApiVersions, 0, 0).Frame("another", flexible: false, _ => { }));
        await client.ReceiveAsync(flexibleHeader: false);
    }

    static async Task<bool> IsRefusedAsync(TestBroker broker)
    {
        using var client = await broker.ConnectAsync();
        await client.SendAsync(ApiKey.ApiVersions, 0, _ => { });
        return await client.IsClosedByPeerAsync();
    }
}
