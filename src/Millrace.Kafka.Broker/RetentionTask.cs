using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Topics;

namespace Millrace.Kafka.Broker;

/// <summary>Applies retention to every partition, each log.retention.check.interval.ms.</summary>
sealed class RetentionTask(TopicCatalog topics, BrokerOptions options, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    Task _running = Task.CompletedTask;

    public void Start() => _running = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    async Task RunAsync()
    {
        using var timer = new PeriodicTimer(options.RetentionCheckInterval, clock);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            foreach (var topic in topics.All) Apply(topic);
        }
    }

    void Apply(Topic topic)
    {
        for (var i = 0; i < topic.Partitions.Count; i++)
            Background.Run(logger, $"retention of partition {topic.Name}-{i}", topic.Partitions[i].ApplyRetention);
        logger.RetentionApplied(topic.Name);
    }
}
