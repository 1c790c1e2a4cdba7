using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;
using Millrace.Streams.Setup;

namespace Millrace.Streams.Samples;

/// <summary>
/// Sets definitions up on servers of their own, sends samples through them, and says what became of each: by the queue tables and views
/// that a stand has.
/// </summary>
public static class SampleRun
{
    /// <summary>Records whose rows are looked at together.</summary>
    const int ChunkSize = 5000;

    /// <param name="endpoints">Servers on which nothing else is.</param>
    /// <param name="samples">Of each partition in the order of their offsets.</param>
    /// <exception cref="StreamDefinitionException">ClickHouse does not take a definition.</exception>
    /// <exception cref="CheckStoppedException">ClickHouse does not get on with the records.</exception>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time, or did not take a record.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer.</exception>
    public static async Task<CheckReport> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, IReadOnlyList<SampleRecord> samples, TimeProvider time,
        CancellationToken cancellation)
    {
        await SetUpAsync(endpoints, catalog, cancellation).ConfigureAwait(false);
        using var client = new ClickHouseClient(endpoints);
        // Whether a merge comes first, which takes what is older than its TTL, is a matter of chance.
        await client.ExecuteAsync("SYSTEM STOP TTL MERGES", cancellation).ConfigureAwait(false);
        var started = time.GetTimestamp();
        if (samples.Count > 0)
        {
            await SampleSender.RunAsync(endpoints, samples, cancellation).ConfigureAwait(false);
            var ends = samples.GroupBy(sample => new TopicPartition(sample.Stream.Topic, sample.Partition))
                .ToDictionary(partition => partition.Key, partition => partition.Last().Offset + 1);
            await SampleReading.UntilReadAsync(endpoints, client, ends, catalog.Streams, time, cancellation).ConfigureAwait(false);
        }
        var list = new VerdictList(samples);
        foreach (var partition in samples.GroupBy(sample => (sample.Stream, sample.Partition)))
            foreach (var chunk in partition.Chunk(ChunkSize))
                await JudgeAsync(client, chunk, list, cancellation).ConfigureAwait(false);
        return list.Report(catalog, time.GetElapsedTime(started));
    }

    static async Task SetUpAsync(StandEndpoints endpoints, StreamCatalog catalog, CancellationToken cancellation)
    {
        try
        {
            await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, cancellation).ConfigureAwait(false);
        }
        catch (ClickHouseException e)
        {
            throw new StreamDefinitionException($"ClickHouse does not take what the definitions come to: {e.Message}");
        }
    }

    static async Task JudgeAsync(ClickHouseClient client, SampleRecord[] samples, VerdictList list, CancellationToken cancellation)
    {
        var withTexts = list.ListsAll || samples.Any(sample => !sample.Expected.IsAnyRow);
        var stored = await StoredRecords.ReadAsync(client, samples, withTexts, cancellation).ConfigureAwait(false);
        foreach (var sample in samples)
            list.Add(SampleJudge.Judge(sample, [.. stored.Rows[sample.Offset]], [.. stored.Letters[sample.Offset]]));
    }

    /// <summary>Counts all, and keeps as many as a report lists. Single thread.</summary>
    sealed class VerdictList(IReadOnlyList<SampleRecord> samples)
    {
        readonly List<SampleVerdict> _listed = [];
        readonly Dictionary<string, long> _failed = [];

        public bool ListsAll { get; } = samples.Count <= CheckReport.MostListed;

        public void Add(SampleVerdict verdict)
        {
            if (verdict.Fault is not null) _failed[verdict.Stream] = _failed.GetValueOrDefault(verdict.Stream) + 1;
            if (ListsAll || (verdict.Fault is not null && _listed.Count < CheckReport.MostListed)) _listed.Add(verdict);
        }

        public CheckReport Report(StreamCatalog catalog, TimeSpan elapsed)
        {
            var records = samples.CountBy(sample => sample.Stream.Name).ToDictionary();
            var order = samples.Select((sample, at) => (Key: (sample.Stream.Name, sample.Partition, sample.Offset), At: at))
                .ToDictionary(one => one.Key, one => one.At);
            return new CheckReport(
                [
                    .. catalog.Streams.Select(stream => new StreamCheck(
                        stream.Name, stream.Topic, stream.File,
                        records.GetValueOrDefault(stream.Name), _failed.GetValueOrDefault(stream.Name))),
                ],
                [.. _listed.OrderBy(verdict => order[(verdict.Stream, verdict.Partition, verdict.Offset)])],
                _failed.Values.Sum() - _listed.Count(verdict => verdict.Fault is not null),
                elapsed.TotalSeconds);
        }
    }
}
