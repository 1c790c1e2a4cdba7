using System.Diagnostics.Metrics;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Tests.Groups;
using Millrace.Kafka.Protocol;
using Millrace.Meters;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Network;

/// <summary>Meters are the process's: no other test runs meanwhile.</summary>
[Collection(MetersCollection.Name)]
public sealed class MetersTests : IDisposable
{
    readonly MeterCollector _collector = new(TimeProvider.System);

    public void Dispose() => _collector.Dispose();

    [Fact]
    public async Task Requests_are_measured_by_their_API_with_bytes_and_errors()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var batch = Requests.Batch("one", "two", "three");
        await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("measured"));
        await client.AskAsync(ApiKey.Produce, Requests.ProduceVersion, Requests.Produce("measured", 0, batch));
        await client.AskAsync(ApiKey.Produce, Requests.ProduceVersion, Requests.Produce("measured", 77, batch));
        Assert.True(_collector.Sum("kafka.request.time.count", "Produce") >= 2);
        Assert.True(_collector.Sum("kafka.request.time.sum", "Produce") > 0);
        Assert.True(_collector.Sum("kafka.request.time.99p", "Metadata") > 0);
        Assert.True(_collector.Sum("kafka.request.failed", "Produce", "UNKNOWN_TOPIC_OR_PARTITION") >= 1);
        Assert.True(_collector.Sum("kafka.network.io", "in") >= 2 * batch.Length);
        Assert.True(_collector.Sum("kafka.network.io", "out") > 0);
        Assert.True(_collector.Sum("kafka.message.count") >= 3);
        Assert.True(_collector.Sum("kafka.connection.count") >= 1);
    }

    [Fact]
    public async Task A_request_that_ends_its_connection_counts_as_failed()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendAsync(ApiKey.Produce, version: 0, _ => { });
        Assert.True(await client.IsClosedByPeerAsync());
        Assert.True(_collector.Sum("kafka.request.failed", "Produce", "INVALID_REQUEST") >= 1);
    }

    [Fact]
    public async Task A_frame_too_short_for_a_header_is_a_request_of_no_API()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendAsync(new byte[] { 0, 0, 0, 2, 0, 1 });
        Assert.True(await client.IsClosedByPeerAsync());
        Assert.Equal(1, _collector.Sum("kafka.request.failed", "unknown", "INVALID_REQUEST"));
        Assert.Equal(0, _collector.Sum("kafka.request.time.count", "Produce"));
    }

    [Fact]
    public async Task Bytes_that_were_not_sent_are_not_counted()
    {
        const int sizeAndCorrelationId = 8;
        int sent;
        await using (var broker = await TestBroker.StartAsync())
        {
            using (var client = await broker.ConnectAsync())
            {
                sent = (await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("quiet"))).Length;
                // There is no partition 77: with acks=0 the broker can only close the connection.
                foreach (var partition in new[] { 0, 77 })
                {
                    var produce = Requests.Produce("quiet", partition, Requests.Batch("one"), acks: 0);
                    await client.SendAsync(ApiKey.Produce, Requests.ProduceVersion, produce);
                }
                Assert.True(await client.IsClosedByPeerAsync());
            }
        }
        Assert.Equal(1, _collector.Sum("kafka.message.count"));
        Assert.Equal(sent + sizeAndCorrelationId, _collector.Sum("kafka.network.io", "out"));
    }

    [Theory]
    [InlineData(ErrorCode.MemberIdRequired, 0)]
    [InlineData(ErrorCode.RebalanceInProgress, 0)]
    [InlineData(ErrorCode.UnknownMemberId, 1)]
    public void What_every_member_is_told_on_its_way_into_a_generation_is_no_failure(ErrorCode error, int failures)
    {
        BrokerMeters.Request(ApiKey.JoinGroup, TimeSpan.Zero, requestBytes: 1, error);
        Assert.Equal(1, _collector.Sum("kafka.request.time.count", "JoinGroup"));
        Assert.Equal(failures, _collector.Sum("kafka.request.failed", "JoinGroup"));
    }

    [Fact]
    public async Task Whoever_listens_to_rebalances_is_called_without_the_lock_of_a_group()
    {
        await using var groups = new GroupFixture();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "kafka.group.rebalance.count") listener.EnableMeasurementEvents(instrument);
            },
        };
        List<bool> answered = [];
        listener.SetMeasurementEventCallback<long>(
            (_, _, _, _) => answered.Add(Task.Run(() => groups.Heartbeat("nobody", 1)).Wait(TimeSpan.FromSeconds(1))));
        listener.Start();
        groups.FormStableGroup(size: 1);
        listener.RecordObservableInstruments();
        Assert.Equal([true], answered);
    }

    [Fact]
    public async Task A_fetch_that_waits_is_measured_apart()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("waited-for"));
        await client.AskAsync(ApiKey.Fetch, Requests.FetchVersion, Requests.Fetch("waited-for", 0, offset: 0, maxWaitMs: 20));
        Assert.True(_collector.Sum("kafka.fetch.wait.time.count") >= 1);
        Assert.True(_collector.Sum("kafka.fetch.wait.time.sum") >= 0.015);
    }
}
