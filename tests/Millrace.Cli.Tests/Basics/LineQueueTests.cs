using System.Collections.Concurrent;
using Millrace.Cli.Basics;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Basics;

public sealed class LineQueueTests : IDisposable
{
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    readonly ConcurrentQueue<string> _written = new();
    readonly ManualResetEventSlim _reads = new();

    public void Dispose() => _reads.Dispose();

    [Fact]
    public void Lines_come_in_their_order_and_all_are_written_when_it_is_closed()
    {
        var queue = new LineQueue("test", _written.Enqueue);
        for (var i = 0; i < 1000; i++) queue.Add($"{i}");
        Assert.True(queue.CloseWithin(Eventually.DefaultLimit));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), _written);
    }

    [Fact]
    public async Task A_reader_that_is_stuck_holds_up_nobody_loses_the_oldest_lines_and_is_told_how_many()
    {
        var queue = new LineQueue("test", WriteOnceRead, capacity: 3);
        queue.Add("stuck");
        await Eventually.Holds(() => !_written.IsEmpty, "the reader is stuck");
        for (var i = 0; i < 10; i++) queue.Add($"{i}");
        Assert.False(queue.DrainWithin(Moment));
        _reads.Set();
        Assert.True(queue.CloseWithin(Eventually.DefaultLimit));
        Assert.Equal(["stuck", "7 lines are left out here: they came faster than anybody took them", "7", "8", "9"], _written);
    }

    [Fact]
    public async Task Closing_leaves_a_reader_that_is_stuck_behind()
    {
        var queue = new LineQueue("test", WriteOnceRead);
        queue.Add("stuck");
        await Eventually.Holds(() => !_written.IsEmpty, "the reader is stuck");
        Assert.False(queue.CloseWithin(Moment));
        _reads.Set();
    }

    [Fact]
    public void A_line_that_can_not_be_written_costs_no_other()
    {
        var queue = new LineQueue("test", line =>
        {
            if (line == "bad") throw new IOException("No space left on device");
            _written.Enqueue(line);
        });
        foreach (var line in new[] { "bad", "good" }) queue.Add(line);
        Assert.True(queue.CloseWithin(Eventually.DefaultLimit));
        Assert.Equal(["good"], _written);
    }

    void WriteOnceRead(string line)
    {
        _written.Enqueue(line);
        _reads.Wait();
    }
}
