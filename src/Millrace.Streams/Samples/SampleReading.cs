using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;
using Millrace.Streams.Status;

namespace Millrace.Streams.Samples;

/// <summary>Waits until ClickHouse has read what was sent, and says why where it does not.</summary>
static class SampleReading
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Between two looks at failing views: what failed twice with nothing read in between will not get over it.</summary>
    static readonly TimeSpan LookPause = TimeSpan.FromSeconds(2);

    /// <summary>Without anything read.</summary>
    static readonly TimeSpan SilentLimit = TimeSpan.FromSeconds(60);

    /// <param name="ends">Where each partition ends, exclusive.</param>
    /// <exception cref="CheckStoppedException">It reads no further.</exception>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer.</exception>
    public static async Task UntilReadAsync(
        StandEndpoints endpoints, ClickHouseClient client, IReadOnlyDictionary<TopicPartition, long> ends,
        IReadOnlyList<StreamDefinition> streams, TimeProvider time, CancellationToken cancellation)
    {
        using var kafka = new KafkaAdmin(endpoints);
        var (read, since, looked, failure) = (-1L, time.GetTimestamp(), time.GetTimestamp(), (string?)null);
        while (true)
        {
            var committed = await kafka.Offsets.CommittedAsync(endpoints.Identity.Group, [.. ends.Keys]).ConfigureAwait(false);
            if (ends.All(end => committed.TryGetValue(end.Key, out var offset) && offset >= end.Value)) return;
            if (committed.Values.Sum() is var sum && sum > read) (read, since, failure) = (sum, time.GetTimestamp(), null);
            if (time.GetElapsedTime(looked) >= LookPause)
            {
                looked = time.GetTimestamp();
                var found = await FailureAsync(client, streams, cancellation).ConfigureAwait(false);
                if (failure is not null && found is not null) throw new CheckStoppedException(found);
                failure = found;
            }
            if (time.GetElapsedTime(since) > SilentLimit)
            {
                throw new CheckStoppedException(
                    $"ClickHouse has read nothing for {SilentLimit.TotalSeconds:0} s: try again, and report it where it stays so");
            }
            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <returns>null where no view fails.</returns>
    static async Task<string?> FailureAsync(
        ClickHouseClient client, IReadOnlyList<StreamDefinition> streams, CancellationToken cancellation)
    {
        var failures = await FailedFlushes.ReadAsync(client, cancellation).ConfigureAwait(false);
        return streams.Where(stream => failures.ContainsKey(stream.QueueTable))
            .Select(stream => FailedFlushes.Explain(stream, failures[stream.QueueTable])).FirstOrDefault();
    }
}
