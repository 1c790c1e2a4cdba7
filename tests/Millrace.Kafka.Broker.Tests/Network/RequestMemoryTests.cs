using Millrace.Kafka.Broker.Network;
using Millrace.Kafka.Protocol;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Network;

public sealed class RequestMemoryTests
{
    [Fact]
    public async Task A_large_request_waits_for_the_memory_of_another_and_small_ones_do_not()
    {
        await using var broker = await TestBroker.StartAsync(options => options with { QueuedMaxRequestBytes = 1 });
        using var client = await broker.ConnectAsync();
        await client.AskAsync(ApiKey.Metadata, Requests.MetadataVersion, Requests.Metadata("t"));
        var large = Requests.Produce("t", 0, Requests.Batch(new string('x', 500_000)));
        var holder = await broker.ConnectAsync();
        // More than the kernel keeps for a connection: when it is sent, the broker has taken the memory for it.
        var frame = RawConnection.Frame(
            ApiKey.Produce, Requests.ProduceVersion, 1, Requests.Produce("t", 0, Requests.Batch(new string('x', 64_000_000))));
        await holder.SendAsync(frame.AsMemory(0, frame.Length - 1));
        using var other = await broker.ConnectAsync();
        var waiting = ProduceAnswer.AskAsync(other, large);
        for (var i = 0; i < 20; i++)
            Assert.Equal(i, (await ProduceAnswer.AskAsync(client, Requests.Produce("t", 0, Requests.Batch("small")))).BaseOffset);

        holder.Dispose();

        Assert.Equal(new ProduceAnswer(ErrorCode.None, 20, 0), await waiting);
        Assert.Equal(21, (await ProduceAnswer.AskAsync(other, large)).BaseOffset); // what was taken has been given back
    }

    [Fact]
    public async Task A_request_is_let_in_while_anything_is_left_and_in_the_order_of_coming()
    {
        var memory = new RequestMemory(100);
        await memory.TakeAsync(1000, CancellationToken.None);
        var second = memory.TakeAsync(1, CancellationToken.None);
        var third = memory.TakeAsync(1, CancellationToken.None);
        Assert.False(second.IsCompleted);

        memory.GiveBack(1000, whole: false);

        await second;
        await third;
    }

    [Fact]
    public async Task Of_requests_that_all_wait_for_the_rest_one_goes_on()
    {
        var memory = new RequestMemory(2);
        await memory.TakeAsync(1, CancellationToken.None);
        await memory.TakeAsync(1, CancellationToken.None);
        await memory.TakeRestAsync(10, CancellationToken.None);
        var second = memory.TakeRestAsync(10, CancellationToken.None);
        Assert.False(second.IsCompleted);

        memory.GiveBack(11, whole: true);

        await second;
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_line()
    {
        var memory = new RequestMemory(1);
        await memory.TakeAsync(1, CancellationToken.None);
        using var gone = new CancellationTokenSource();
        var waiting = memory.TakeAsync(1, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        memory.GiveBack(1, whole: false);

        await memory.TakeAsync(1, CancellationToken.None);
    }

    [Fact]
    public async Task A_broker_stops_while_a_request_waits_for_memory()
    {
        var broker = await TestBroker.StartAsync(options => options with { QueuedMaxRequestBytes = 1 });
        using var holder = await broker.ConnectAsync();
        using var waiter = await broker.ConnectAsync();
        var frame = RawConnection.Frame(ApiKey.Produce, Requests.ProduceVersion, 1, Requests.Produce("t", 0, new byte[500_000]));
        await holder.SendAsync(frame.AsMemory(0, frame.Length - 1));
        await waiter.SendAsync(frame.AsMemory(0, frame.Length - 1));
        await Eventually.Holds(() => broker.Host.ConnectionCount == 2, "both are served");

        await broker.DisposeAsync();

        Assert.True(await waiter.IsClosedByPeerAsync());
    }
}
