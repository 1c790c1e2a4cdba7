using Confluent.Kafka;
using Millrace.Streams.Events;

namespace Millrace.Streams.Tests.Events;

public class TopicCounterTests
{
    [Fact]
    public void Every_outcome_is_counted_when_a_flush_takes_outcomes_beside_the_poll_thread()
    {
        const int Each = 20_000_000;
        var counter = new TopicCounter("orders", acknowledged: null);
        var delivered = new DeliveryReport<byte[]?, byte[]> { Error = new Error(ErrorCode.NoError) };
        for (var i = 0; i < 2 * Each; i++) counter.Generated();

        using var together = new Barrier(2);
        var flush = new Thread(TakeOutcomes);
        flush.Start();
        TakeOutcomes();
        flush.Join();

        Assert.Equal(new TopicReport("orders", 2 * Each, 2 * Each, 0), counter.Report());

        void TakeOutcomes()
        {
            together.SignalAndWait();
            for (var i = 0; i < Each; i++) counter.Delivered(delivered);
        }
    }
}
