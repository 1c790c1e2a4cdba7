using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Letters;

namespace Millrace.Streams.Replay;

/// <summary>Says what storing a batch would do, and changes nothing.</summary>
/// <param name="bounds">As of <see cref="ReplayInsert"/>.</param>
sealed class ReplayForecast(ClickHouseClient client, ReplayTarget target, PlacedRecords placed, LetterBounds? bounds)
{
    public async Task<BatchOutcome> RunAsync(ReplayBatch batch, CancellationToken cancellation)
    {
        var before = await placed.CountAsync(batch, cancellation).ConfigureAwait(false);
        var missing = placed.IsMissing(batch.Range);
        var verdicts = await VerdictsAsync(batch, missing, cancellation).ConfigureAwait(false);
        var failing = verdicts.Where(row => row.Kind != "").ToList();
        var (refused, added) = (failing.Sum(row => row.Letters), verdicts.Where(row => row.Kind == "").Sum(row => row.Letters));
        var letters = 0L;
        if (refused > 0 && bounds is not null)
        {
            var unplaced = $"{missing} AND {placed.IsNoLetter(batch.Range)} AND NOT ({bounds.IsUncommitted})";
            letters = (await VerdictsAsync(batch, unplaced, cancellation).ConfigureAwait(false))
                .Where(row => row.Kind != "").Sum(row => row.Letters);
        }
        return new BatchOutcome(added, before.Rows, refused - letters, letters, before.Dropped, 0)
        {
            Reasons = [.. failing.Select(row => new ReasonCount(row.Kind, row.Letters))],
        };
    }

    Task<IReadOnlyList<VerdictRow>> VerdictsAsync(ReplayBatch batch, string condition, CancellationToken cancellation) =>
        client.QueryAsync<VerdictRow>(
            LetterSql.Verdicts(target.Stream, ReplayBatch.Table, condition), batch.External, cancellation);

    sealed record VerdictRow(string Kind, long Letters);
}
