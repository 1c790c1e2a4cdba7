using System.Threading.Channels;
using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Replay;

/// <summary>
/// Reads what a table lacks of a topic, in batches, one ahead of whoever takes them. It asks the table which offsets those are, a window at
/// a time: a log of which little is missing is not read as a whole. For one reading.
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

    readonly Channel<ReplayBatch> _batches = Channel.CreateBounded<ReplayBatch>(1);
    readonly BatchBuilder _builder = new(topic, mostRecords);

    /// <summary>Offsets of the partitions that are done.</summary>
    long _before;

    /// <exception cref="Kafka.KafkaUnavailableException">Kafka gave no answer in time, or refused.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public async Task ReadAsync(
        IReadOnlyList<ReplayedPartition> partitions, Func<ReplayBatch, Task> take, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = Task.Run(() => FillAsync(partitions, over.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in _batches.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                await take(batch).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    /// <summary>Whatever ends it is told to whoever takes the batches.</summary>
    async Task FillAsync(IReadOnlyList<ReplayedPartition> partitions, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            await ReadAsync(partitions, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is Kafka.KafkaUnavailableException or ClickHouseTroubleException or ReplayRefusedException
            or OperationCanceledException or Kafka.KafkaPropertyException)
        {
            failure = e;
        }
        finally
        {
            _batches.Writer.TryComplete(failure);
        }
    }

    async Task ReadAsync(IReadOnlyList<ReplayedPartition> partitions, CancellationToken cancellation)
    {
        using var reader = new RangeReader(endpoints, topic);
        foreach (var partition in partitions)
        {
            for (var from = partition.From; from < partition.To; from += Window)
            {
                var window = new OffsetRange(from, Math.Min(from + Window, partition.To));
                var gaps = await GapsAsync(partition.Partition, window, cancellation).ConfigureAwait(false);
                _builder.AddStored(window.Count - gaps.Sum(gap => gap.Count));
                foreach (var gap in gaps)
                    await ReadAsync(reader, partition, gap, cancellation).ConfigureAwait(false);
                await GiveAsync(partition, window.To, cancellation).ConfigureAwait(false);
            }
            _before += partition.To - partition.From;
        }
    }

    async Task ReadAsync(RangeReader reader, ReplayedPartition partition, OffsetRange gap, CancellationToken cancellation)
    {
        var piece = gap;
        foreach (var record in reader.Read(partition.Partition, gap, cancellation))
        {
            _builder.Add(record);
            if (!_builder.IsFull) continue;
            var next = record.Offset.Value + 1;
            _builder.AddPiece(partition.Partition, piece with { To = next });
            piece = piece with { From = next };
            await GiveAsync(partition, next, cancellation).ConfigureAwait(false);
        }
        _builder.AddPiece(partition.Partition, piece);
        if (_builder.IsFull) await GiveAsync(partition, gap.To, cancellation).ConfigureAwait(false);
    }

    /// <param name="next">The first offset of the partition that was not looked at.</param>
    ValueTask GiveAsync(ReplayedPartition partition, long next, CancellationToken cancellation) =>
        _batches.Writer.WriteAsync(_builder.Take(_before + next - partition.From), cancellation);

    async Task<IReadOnlyList<OffsetRange>> GapsAsync(int partition, OffsetRange window, CancellationToken cancellation)
    {
        if (table is null) return [window];
        var sql = GapSql.Of([GapSql.Offsets(table, topic, partition)], window, MostGaps);
        var found = await client.QueryAsync<GapRow>(sql, cancellation: cancellation).ConfigureAwait(false);
        var gaps = found.Select(gap => gap.Range).ToList();
        if (gaps.Count == MostGaps) gaps[^1] = gaps[^1] with { To = window.To };
        return [.. OffsetRange.Join(gaps, CloseBy)];
    }
}
