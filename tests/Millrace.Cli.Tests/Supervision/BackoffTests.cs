using Millrace.Cli.Supervision;

namespace Millrace.Cli.Tests.Supervision;

public sealed class BackoffTests
{
    [Fact]
    public void Pauses_double_up_to_five_seconds_while_the_service_keeps_dying()
    {
        var backoff = new Backoff();
        int[] pauses = [.. Enumerable.Range(0, 8).Select(_ => (int)backoff.After(TimeSpan.Zero).TotalMilliseconds)];
        Assert.Equal([100, 200, 400, 800, 1600, 3200, 5000, 5000], pauses);
    }

    [Fact]
    public void A_service_that_was_healthy_comes_back_at_once_again()
    {
        var backoff = new Backoff();
        backoff.After(TimeSpan.Zero);
        backoff.After(TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromMilliseconds(100), backoff.After(TimeSpan.FromSeconds(10)));
    }
}
