using System.Threading.Channels;
using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Replay;

/// <summary>
/// Reads what a table lacks of a topic, in batches, one ahead of whoever takes them. It asks the table which offsets those are, a window at a
/// time: a log of which little is missing is not read as a whole.
/// </summary>
/// <param name="table">null: it holds nothing.</param>
/// <param name="mostRecords">Of a batch.</param>
sealed class ReplaySource(ClickHouseClient client, StandEndpoints endpoints, string topic, string? table, int mostRecords)
{
    /// <summary>Offsets that are asked for at a time; each question reads the table's column of offsets.</summary>
    const long Window = 2_000_000;

    /// <summary>Gaps of a window that are told apart: behind them all is read.</summary>
    const int MostGaps = 10_000;

    /// <summary>Gaps are read as one where less lies between them: to begin anew takes a round trip.</summary>
    const long CloseBy = 5_000;

    /// <exception cref="Kafka.KafkaUnavailableException">Kafka gave no answer in time, or refused.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public async Task ReadAsync(
        IReadOnlyList<ReplayedPartition> partitions, Func<ReplayBatch, Task> take, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var batches = Channel.CreateBounded<ReplayBatch>(1);
        var reading = Task.Run(() => FillAsync(partitions, batches.Writer, over.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                await take(batch).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    /// <summary>Whatever ends it is told to whoever takes the batches.</summary>
    async Task FillAsync(IReadOnlyList<ReplayedPartition> partitions, ChannelWriter<ReplayBatch> batches, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            await ReadAsync(partitions, batches, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is Kafka.KafkaUnavailableException or ClickHouseTroubleException or ReplayRefusedException
            or OperationCanceledException or Kafka.KafkaPropertyException)
        {
            failure = e;
        }
        finally
        {
            batches.TryComplete(failure);
        }
    }

    async Task ReadAsync(IReadOnlyList<ReplayedPartition> partitions, ChannelWriter<ReplayBatch> batches, CancellationToken cancellation)
    {
        using var reader = new RangeReader(endpoints, topic);
        var (builder, before) = (new BatchBuilder(topic, mostRecords), 0L);
        foreach (var partition in partitions)
        {
            for (var from = partition.From; from < partition.To; from += Window)
            {
                var window = new OffsetRange(from, Math.Min(from + Window, partition.To));
                var gaps = await GapsAsync(partition.Partition, window, cancellation).ConfigureAwait(false);
                builder.AddStored(window.Count - gaps.Sum(gap => gap.Count));
                foreach (var gap in gaps)
                    await ReadAsync(reader, partition.Partition, gap).ConfigureAwait(false);
                await batches.WriteAsync(builder.Take(before + window.To - partition.From), cancellation).ConfigureAwait(false);
            }
            before += partition.To - partition.From;

            async Task ReadAsync(RangeReader from, int number, OffsetRange gap)
            {
                var at = gap.From;
                foreach (var record in from.Read(number, gap, cancellation))
                {
                    builder.Add(record);
                    if (!builder.IsFull) continue;
                    builder.AddPiece(number, new OffsetRange(at, record.Offset + 1));
                    at = record.Offset + 1;
                    await batches.WriteAsync(builder.Take(before + at - partition.From), cancellation).ConfigureAwait(false);
                }
                builder.AddPiece(number, gap with { From = at });
                if (builder.IsFull) await batches.WriteAsync(builder.Take(before + gap.To - partition.From), cancellation).ConfigureAwait(false);
            }
        }
    }

    async Task<IReadOnlyList<OffsetRange>> GapsAsync(int partition, OffsetRange window, CancellationToken cancellation)
    {
        if (table is null) return [window];
        var sql = GapSql.Of([GapSql.Offsets(table, topic, partition)], window, MostGaps);
        var gaps = (await client.QueryAsync<GapRow>(sql, cancellation: cancellation).ConfigureAwait(false)).Select(gap => gap.Range).ToList();
        if (gaps.Count == MostGaps) gaps[^1] = gaps[^1] with { To = window.To };
        return [.. OffsetRange.Join(gaps, CloseBy)];
    }
}
