using Millrace.Kafka.Broker.Apis;
using Millrace.Kafka.Protocol;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Network;

public sealed class ConnectionTests
{
    [Fact]
    public async Task An_unexpected_exception_costs_one_connection_and_the_next_is_served()
    {
        var clock = new FailingClock();
        await using var broker = await TestBroker.StartAsync(clock: clock);
        clock.Fails = true;
        using (var lost = await broker.ConnectAsync()) Assert.True(await lost.IsClosedByPeerAsync());
        clock.Fails = false;

        using var client = await broker.ConnectAsync();
        await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
        Assert.Contains(broker.Log.Warnings, warning => warning.Contains("told to fail", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ApiVersions_too_new_is_answered_in_version_0_and_the_connection_goes_on()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendAsync(ApiKey.ApiVersions, 99, writer => writer.WriteRaw([0xde, 0xad, 0xbe, 0xef]));
        var (_, body) = await client.ReceiveAsync(flexibleHeader: false);
        Assert.Equal([0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4], body.ToArray()); // UNSUPPORTED_VERSION, one range: ApiVersions 0 to 4
        Assert.False((await client.AskAsync(ApiKey.ApiVersions, 0, _ => { })).IsEmpty);
        Assert.Empty(broker.Log.Warnings);
    }

    [Theory]
    [InlineData("librdkafka", "2.0.2", ErrorCode.None)]
    [InlineData("-librdkafka", "2.0.2", ErrorCode.InvalidRequest)]
    [InlineData("librdkafka", "", ErrorCode.InvalidRequest)]
    public async Task ApiVersions_checks_the_client_s_software_name(string name, string softwareVersion, ErrorCode expected)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var body = await client.AskAsync(ApiKey.ApiVersions, 3, writer =>
        {
            writer.WriteString(name, flexible: true);
            writer.WriteString(softwareVersion, flexible: true);
            writer.WriteNoTaggedFields(flexible: true);
        });
        Assert.Equal((short)expected, new KafkaReader(body).ReadInt16());
    }

    [Fact]
    public async Task A_frame_that_comes_byte_by_byte_is_answered()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var frame = RawConnection.Frame(ApiKey.Metadata, Requests.MetadataVersion, correlationId: 7, Requests.Metadata("slow"));
        for (var i = 0; i < frame.Length; i++) await client.SendAsync(frame.AsMemory(i, 1));
        Assert.Equal(7, (await client.ReceiveAsync(flexibleHeader: false)).CorrelationId);
    }

    [Theory]
    [InlineData(65_000)] // about the receive buffer
    [InlineData(65_536)]
    [InlineData(1_000_000)]
    [InlineData(5_000_000)] // above what is allocated on the word of the size alone
    public async Task A_large_frame_arrives_whole(int recordBytes)
    {
        await using var broker = await TestBroker.StartAsync(options => options with { MaxBatchBytes = 10_000_000 });
        using var client = await broker.ConnectAsync();
        await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("large"));
        var batch = Requests.Batch(new string('x', recordBytes));
        Assert.Equal(new ProduceAnswer(ErrorCode.None, 0, 0), await ProduceAnswer.AskAsync(client, Requests.Produce("large", 0, batch)));
        Assert.Equal(new ProduceAnswer(ErrorCode.None, 1, 0), await ProduceAnswer.AskAsync(client, Requests.Produce("large", 0, batch)));
    }

    [Fact]
    public async Task Requests_sent_together_are_answered_in_their_order_also_behind_one_that_waits()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
        await client.SendAsync((byte[])
        [
            .. RawConnection.Frame(ApiKey.Fetch, Requests.FetchVersion, 100, Requests.Fetch("t", 0, offset: 0, maxWaitMs: 200)),
            .. RawConnection.Frame(ApiKey.Metadata, Requests.MetadataVersion, 101, Requests.Metadata("t")),
            .. RawConnection.Frame(ApiKey.ApiVersions, 0, 102, _ => { }),
        ]);
        foreach (var correlationId in (int[])[100, 101, 102])
            Assert.Equal(correlationId, (await client.ReceiveAsync(flexibleHeader: false)).CorrelationId);
    }

    [Fact]
    public async Task A_waiting_fetch_ends_with_its_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        using (var client = await broker.ConnectAsync())
        {
            await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
            await client.SendAsync(ApiKey.Fetch, Requests.FetchVersion, Requests.Fetch("t", 0, offset: 0, maxWaitMs: int.MaxValue));
            Assert.Equal(1, broker.Host.ConnectionCount);
        }
        await Eventually.Holds(() => broker.Host.ConnectionCount == 0, "the connection is gone");
        Assert.Empty(broker.Log.Warnings);
    }

    [Fact]
    public async Task A_waiting_fetch_ends_with_its_connection_although_more_was_sent_after_it()
    {
        await using var broker = await TestBroker.StartAsync();
        using var other = await broker.ConnectAsync();
        using (var client = await broker.ConnectAsync())
        {
            await other.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
            await client.SendAsync(ApiKey.Fetch, Requests.FetchVersion, Requests.Fetch("t", 0, offset: 0, maxWaitMs: int.MaxValue));
            for (var i = 0; i < 10; i++)
            {
                // By the time of this answer the fetch waits, and what follows comes by itself.
                await other.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
                await client.SendAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
            }
        }
        await Eventually.Holds(() => broker.Host.ConnectionCount == 1, "the connection is gone");
        Assert.Empty(broker.Log.Warnings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // nor does a fetch that waits keep it
    public async Task A_connection_on_which_nothing_moves_is_closed(bool fetches)
    {
        var clock = new FakeClock();
        await using var broker = await TestBroker.StartAsync(clock: clock);
        using var client = await broker.ConnectAsync();
        await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
        if (fetches) await client.SendAsync(ApiKey.Fetch, Requests.FetchVersion, Requests.Fetch("t", 0, offset: 0, maxWaitMs: int.MaxValue));
        await Eventually.Holds(
            () =>
            {
                clock.Advance(broker.Options.ConnectionsMaxIdle);
                return broker.Host.ConnectionCount == 0;
            },
            "the end of the connection");
        Assert.True(await client.IsClosedByPeerAsync());
    }

    [Fact]
    public async Task A_connection_that_is_used_now_and_then_stays()
    {
        var clock = new FakeClock();
        await using var broker = await TestBroker.StartAsync(clock: clock);
        using var client = await broker.ConnectAsync();
        for (var i = 0; i < 5; i++)
        {
            await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
            clock.Advance(broker.Options.ConnectionsMaxIdle * 0.9);
        }
        Assert.Equal(1, broker.Host.ConnectionCount);
    }

    [Fact]
    public async Task The_broker_stops_although_a_fetch_waits()
    {
        var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
        await client.SendAsync(ApiKey.Fetch, Requests.FetchVersion, Requests.Fetch("t", 0, offset: 0, maxWaitMs: int.MaxValue));
        await broker.DisposeAsync().AsTask().WaitAsync(Eventually.DefaultLimit);
        Assert.True(await client.IsClosedByPeerAsync());
    }

    [Fact]
    public async Task A_connection_that_fails_as_nobody_foresaw_is_forgotten_and_the_broker_stops_cleanly()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Log.Kept = _ => throw new InvalidOperationException("whoever keeps the log has no room");
        using (var client = await broker.ConnectAsync())
        {
            await client.SendAsync((byte[])[0xff, 0xff, 0xff, 0xff]); // a frame of -1 bytes, which is worth a warning
            Assert.True(await client.IsClosedByPeerAsync());
        }
        await Eventually.Holds(() => broker.Host.ConnectionCount == 0, "the connection is gone");
        broker.Log.Kept = _ => { };
        await broker.RestartAsync();
    }

    [Fact]
    public async Task Answers_name_the_address_the_client_came_in_by()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        Assert.Equal(("127.0.0.1", broker.Host.EndPoint.Port), await BrokerAddressAsync(client));
    }

    [Fact]
    public async Task Answers_name_the_advertised_host_where_there_is_one()
    {
        await using var broker = await TestBroker.StartAsync(options => options with { AdvertisedHost = "broker.example" });
        using var client = await broker.ConnectAsync();
        Assert.Equal(("broker.example", broker.Host.EndPoint.Port), await BrokerAddressAsync(client));
    }

    static async Task<(string Host, int Port)> BrokerAddressAsync(RawConnection client)
    {
        var body = await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
        var reader = new KafkaReader(body);
        reader.ReadInt32(); // throttle time
        Assert.Equal(1, reader.ReadInt32());
        Assert.Equal(BrokerState.NodeId, reader.ReadInt32());
        return (reader.ReadString(false), reader.ReadInt32());
    }

    /// <summary>Each connection wants a timer.</summary>
    sealed class FailingClock : TimeProvider
    {
        public volatile bool Fails;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Fails ? throw new InvalidOperationException("told to fail") : base.CreateTimer(callback, state, dueTime, period);
    }
}
