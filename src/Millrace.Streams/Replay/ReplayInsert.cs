using Millrace.Streams.Ddl;
using Millrace.Streams.Letters;

namespace Millrace.Streams.Replay;

/// <summary>Stores a batch, under the lock of the setups: rows first, then letters of what is neither.</summary>
/// <param name="bounds">Of the stream's own table; null for another, which no view fills.</param>
sealed class ReplayInsert(SecondWay secondWay, ReplayTarget target, PlacedRecords placed, LetterBounds? bounds)
{
    public async Task<BatchOutcome> RunAsync(ReplayBatch batch, CancellationToken cancellation)
    {
        await secondWay.WaitAsync(target.Table, cancellation).ConfigureAwait(false);
        var before = await placed.CountAsync(batch, cancellation).ConfigureAwait(false);
        if (before.Rows + before.Dropped >= batch.Records) return new BatchOutcome(0, before.Rows, 0, 0, before.Dropped, 0);
        var missing = placed.IsMissing(batch.Range);
        var passing = bounds is null ? missing : $"{missing} AND NOT ({bounds.IsAhead})";
        await InsertAsync(LetterSql.Insert(target.Stream, ReplayBatch.Table, passing, null), batch, cancellation).ConfigureAwait(false);
        var after = await placed.CountAsync(batch, cancellation).ConfigureAwait(false);
        var outcome = new BatchOutcome(after.Rows - before.Rows, before.Rows, after.Letters, 0, after.Dropped, 0);
        var left = Math.Max(0, batch.Records - after.Rows - after.Dropped - after.Letters);
        if (bounds is null) return outcome with { Refused = after.Letters + left };
        if (left == 0) return outcome;
        var unplaced = $"{missing} AND {placed.IsNoLetter(batch.Range)} AND NOT ({bounds.IsUncommitted})";
        await InsertAsync(LetterSql.InsertLetters(target.Stream, ReplayBatch.Table, unplaced), batch, cancellation).ConfigureAwait(false);
        var last = await placed.CountAsync(batch, cancellation).ConfigureAwait(false);
        var letters = last.Letters - after.Letters;
        return outcome with { DeadLetters = letters, Ahead = Math.Max(0, left - letters) };
    }

    Task InsertAsync(string sql, ReplayBatch batch, CancellationToken cancellation) =>
        secondWay.InsertAsync(target.Table, sql, batch.External, cancellation);
}
