using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Broker.Tests.Network;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Storage;

public sealed class DiskWorkerTests
{
    readonly CollectingLogger _told = new();

    [Fact]
    public async Task It_is_disposed_when_all_its_work_is_done()
    {
        var worker = new DiskWorker(_told);
        using var released = new ManualResetEventSlim();
        var done = 0;
        worker.Enqueue("the first", () => { released.Wait(); done++; });
        worker.Enqueue("the second", () => done++);

        var disposal = Task.Run(worker.Dispose);
        Assert.False(disposal.IsCompleted);
        released.Set();
        await disposal.WaitAsync(Eventually.DefaultLimit);

        Assert.Equal(2, done);
    }

    [Fact]
    public void Work_that_fails_is_told_of_and_the_next_is_done()
    {
        var done = false;
        using (var worker = new DiskWorker(_told))
        {
            worker.Enqueue("the first", () => throw new InvalidOperationException("as a test wants it"));
            worker.Enqueue("the second", () => done = true);
        }

        Assert.True(done);
        Assert.Equal(["the first failed; the broker goes on as a test wants it"], _told.Warnings);
    }
}
