using System.Buffers.Binary;
using Millrace.Kafka.Protocol;
using Millrace.Testing;
using Xunit.Abstractions;

namespace Millrace.Kafka.Broker.Tests.Network;

/// <summary>Whatever one connection sends, it is closed or answered, with one warning that names it, and the others don't notice.</summary>
public sealed class HostileBytesTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(100 * 1024 * 1024 + 1)]
    [InlineData(0x16030100)] // how a TLS handshake begins
    public async Task A_frame_size_out_of_bounds_closes_the_connection(int size)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, size);
        await client.SendAsync(bytes);
        Assert.True(await client.IsClosedByPeerAsync());
        await ExpectOneWarningAsync(broker, client, $"a frame of {size} bytes");
    }

    [Fact]
    public async Task An_empty_frame_closes_the_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendAsync(new byte[4]);
        Assert.True(await client.IsClosedByPeerAsync());
        await ExpectOneWarningAsync(broker, client, "wanted");
    }

    [Theory]
    [InlineData(99, 0)] // no such API
    [InlineData(-1, 0)]
    [InlineData((short)ApiKey.Metadata, 14)] // a version too new
    [InlineData((short)ApiKey.Fetch, 3)] // a version too old
    [InlineData((short)ApiKey.Produce, 2)] // advertised, and refused all the same
    [InlineData((short)ApiKey.Produce, -1)]
    public async Task What_is_not_served_closes_the_connection_with_a_warning_that_tells_all(short apiKey, short version)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendAsync(RawConnection.Frame((ApiKey)apiKey, version, correlationId: 4711, _ => { }));
        Assert.True(await client.IsClosedByPeerAsync());
        await ExpectOneWarningAsync(broker, client, $"{(ApiKey)apiKey} v{version}, correlation id 4711");
    }

    [Fact]
    public async Task A_body_that_ends_early_closes_the_connection_with_a_warning_that_tells_all()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendAsync(RawConnection.Frame(ApiKey.Fetch, 11, correlationId: 12, writer => writer.WriteInt32(-1)));
        Assert.True(await client.IsClosedByPeerAsync());
        await ExpectOneWarningAsync(broker, client, "Fetch v11, correlation id 12");
    }

    [Fact]
    public async Task An_array_longer_than_the_frame_closes_the_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendAsync(RawConnection.Frame(ApiKey.Metadata, 4, correlationId: 1, writer => writer.WriteArrayLength(int.MaxValue, flexible: false)));
        Assert.True(await client.IsClosedByPeerAsync());
        await ExpectOneWarningAsync(broker, client, "an array of");
    }

    [Fact]
    public async Task A_request_that_would_become_far_more_memory_than_it_has_bytes_closes_the_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendAsync(RawConnection.Frame(ApiKey.Metadata, Requests.MetadataVersion, correlationId: 1, Topics(1_000_001, _ => "")));
        Assert.True(await client.IsClosedByPeerAsync());
        await ExpectOneWarningAsync(broker, client, "more than 1000000 elements");
    }

    [Fact]
    public async Task A_request_about_ten_thousand_topics_or_partitions_is_answered()
    {
        const int Count = 10_000;
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var topics = await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Topics(Count, i => $"topic-{i}"));
        Assert.InRange(topics.Length, Count * "topic-0".Length, int.MaxValue);
        var offsets = await client.AskAsync(ApiKey.OffsetFetch, 1, writer =>
        {
            writer.WriteString("group", flexible: false);
            writer.WriteArrayLength(1, flexible: false);
            writer.WriteString("t", flexible: false);
            writer.WriteInt32Array([.. Enumerable.Range(0, Count)], flexible: false);
        });
        Assert.InRange(offsets.Length, Count * sizeof(long), int.MaxValue);
    }

    [Fact]
    public async Task A_name_that_can_t_be_sent_back_closes_the_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        // Each byte is invalid UTF-8 and becomes U+FFFD, which has three.
        await client.SendAsync(RawConnection.Frame(ApiKey.Metadata, Requests.MetadataVersion, correlationId: 1, writer =>
        {
            writer.WriteArrayLength(1, flexible: false);
            writer.WriteInt16(20_000);
            writer.WriteRaw(Enumerable.Repeat((byte)0xff, 20_000).ToArray());
            writer.WriteBoolean(true);
        }));
        Assert.True(await client.IsClosedByPeerAsync());
        await ExpectOneWarningAsync(broker, client, "a string of 60000 bytes");
    }

    [Fact]
    public async Task A_connection_that_ends_within_a_frame_leaves_a_warning()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var frame = RawConnection.Frame(ApiKey.Metadata, Requests.MetadataVersion, correlationId: 1, Requests.Metadata("t"));
        await client.SendAsync(frame.AsMemory(0, frame.Length - 1));
        client.FinishSending();
        Assert.True(await client.IsClosedByPeerAsync());
        await ExpectOneWarningAsync(broker, client, "ended within a frame");
    }

    [Fact]
    public async Task Garbage_on_many_connections_does_not_disturb_the_others()
    {
        const int connections = 100;
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var broker = await TestBroker.StartAsync();
        using var bystander = await broker.ConnectAsync();
        for (var i = 0; i < connections; i++)
        {
            using var client = await broker.ConnectAsync();
            await client.SendAsync(Garbage(random));
            client.FinishSending();
            Assert.Equal(ErrorCode.None, await MetadataErrorAsync(bystander));
        }
        Assert.DoesNotContain(broker.Log.Warnings, warning => warning.Contains("failed", StringComparison.Ordinal));
    }

    /// <summary>Asks about so many topics, and has none of them created.</summary>
    static Action<KafkaWriter> Topics(int count, Func<int, string> name) => writer =>
    {
        writer.WriteArrayLength(count, flexible: false);
        for (var i = 0; i < count; i++) writer.WriteString(name(i), flexible: false);
        writer.WriteBoolean(false); // allow auto topic creation
    };

    /// <summary>A header that passes, so that the garbage reaches the readers of every API and version.</summary>
    static byte[] Garbage(Random random)
    {
        var api = Broker.Apis.ApiTable.All[random.Next(Broker.Apis.ApiTable.All.Count)];
        var body = new byte[random.Next(200)];
        random.NextBytes(body);
        return RawConnection.Frame(api.Key, (short)random.Next(api.MinVersion, api.MaxVersion + 1), random.Next(), writer => writer.WriteRaw(body));
    }

    static async Task<ErrorCode> MetadataErrorAsync(RawConnection client)
    {
        var body = await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("bystander"));
        return body.IsEmpty ? ErrorCode.UnknownServerError : ErrorCode.None;
    }

    static async Task ExpectOneWarningAsync(TestBroker broker, RawConnection client, string content)
    {
        await Eventually.Holds(() => broker.Log.Warnings.Count > 0, "a warning");
        var warning = Assert.Single(broker.Log.Warnings);
        Assert.Contains(client.LocalEndPoint.ToString()!, warning, StringComparison.Ordinal);
        Assert.Contains(content, warning, StringComparison.Ordinal);
        using var other = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.None, await MetadataErrorAsync(other));
    }
}
