using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Setup;

/// <summary>
/// Lets the group read a topic from its start again where the stream's target table is about to be made, be it that the stream got a new
/// table or the old one was renamed: the new one is to hold all that the topic has. What other tables hold already, the filter of decision
/// 0002 drops.
/// </summary>
sealed class FreshTables(ClickHouseClient client, KafkaQuestions kafka, StandEndpoints endpoints, StreamCatalog catalog, ILogger logger)
{
    string Group => endpoints.Identity.Group;

    /// <summary>Killed at any point it is simply done again: the table is made last.</summary>
    /// <param name="state">The database before anything of this setup was applied.</param>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    public async Task RunAsync(DatabaseState state, TimeProvider time, CancellationToken cancellation)
    {
        var fresh = catalog.Streams.Where(stream => state.Find(stream.TargetTable) is null).ToList();
        if (fresh.Count == 0) return;
        var partitions = await kafka.AskPartitionsAsync([.. fresh.Select(stream => stream.Topic)], cancellation).ConfigureAwait(false);
        var offsets = new OffsetReader(kafka);
        var committed = await offsets.CommittedAsync(Group, partitions).ConfigureAwait(false);
        if (committed.Count == 0) return;
        var starts = await offsets.LogStartsAsync(partitions).ConfigureAwait(false);
        var passed = committed.Where(read => read.Value > starts[read.Key]).ToLookup(read => read.Key.Topic);
        var streams = fresh.Where(stream => passed.Contains(stream.Topic)).ToList();
        if (streams.Count == 0) return;

        await using var setupLock = await SetupLock.TakeAsync(client, time, cancellation).ConfigureAwait(false);
        // A queue table that reads on would commit over it; the plan makes it again.
        foreach (var stream in streams)
            await client.ExecuteAsync($"DROP TABLE IF EXISTS {stream.QueueTable} SYNC", cancellation).ConfigureAwait(false);
        await RewindAsync(streams, passed, starts, time, cancellation).ConfigureAwait(false);
    }

    async Task RewindAsync(
        IReadOnlyList<StreamDefinition> streams, ILookup<string, KeyValuePair<TopicPartition, long>> passed,
        IReadOnlyDictionary<TopicPartition, long> starts,
        TimeProvider time, CancellationToken cancellation)
    {
        var places = streams
            .SelectMany(stream => passed[stream.Topic])
            .Select(read => new TopicPartitionOffset(read.Key, starts[read.Key]))
            .ToList();
        var trouble = await Task.Run(Visit, CancellationToken.None).ConfigureAwait(false);
        foreach (var stream in streams)
        {
            var records = passed[stream.Topic].Sum(read => read.Value - starts[read.Key]);
            if (trouble is null) logger.ReadFromTheStart(stream.TargetTable, Group, stream.Topic, records);
            else logger.RecordsSkipped(stream.TargetTable, Group, records, stream.Topic, trouble);
        }

        // A user who may not commit for the group gets the records from here on, and is told.
        string? Visit()
        {
            try
            {
                GroupVisit.Run(endpoints, places[0].Topic, time, cancellation, places);
                return null;
            }
            catch (KafkaUnavailableException e)
            {
                return e.Message;
            }
        }
    }
}
