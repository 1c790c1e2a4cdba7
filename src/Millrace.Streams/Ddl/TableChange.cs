namespace Millrace.Streams.Ddl;

/// <summary>
/// What makes a target table as its definition says. Immutable; empty for one that is so.
/// </summary>
/// <param name="InPlace">While nothing is read.</param>
sealed record TableChange(IReadOnlyList<DdlStatement> InPlace)
{
    public static TableChange None { get; } = new([]);

    /// <summary>null where the table stays.</summary>
    public TableRebuild? Rebuild { get; init; }

    /// <summary>Tables that earlier rebuilds left: they hold no row that the target table does not.</summary>
    public IReadOnlyList<DdlStatement> Leftovers { get; init; } = [];

    public bool IsEmpty => InPlace.Count == 0 && Rebuild is null && Leftovers.Count == 0;
}
