using Millrace.Streams.Definition;
using Millrace.Streams.Letters;

namespace Millrace.Streams.Replay;

/// <summary>What became of the records of a batch. Immutable; the fields are those of <see cref="ReplayReport"/>.</summary>
sealed record BatchOutcome(long Added, long Stored, long Refused, long DeadLetters, long Dropped, long Ahead)
{
    public static BatchOutcome Nothing { get; } = new(0, 0, 0, 0, 0, 0);

    public IReadOnlyList<ReasonCount> Reasons { get; init; } = [];

    public ReplayReport AddTo(ReplayReport report, ReplayBatch batch) => report with
    {
        Records = report.Records + batch.Records,
        Added = report.Added + Added,
        Stored = report.Stored + batch.Stored + Stored,
        Refused = report.Refused + Refused,
        DeadLetters = report.DeadLetters + DeadLetters,
        Dropped = report.Dropped + Dropped,
        Empty = report.Empty + batch.Empty,
        Ahead = report.Ahead + Ahead,
        Reasons =
        [
            .. report.Reasons.Concat(Reasons).GroupBy(reason => reason.Reason)
                .Select(same => new ReasonCount(same.Key, same.Sum(reason => reason.Letters)))
                .OrderByDescending(reason => reason.Letters),
        ],
    };
}
