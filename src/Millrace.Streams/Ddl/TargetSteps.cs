namespace Millrace.Streams.Ddl;

/// <summary>
/// The steps that make a target table as its definition says (<see cref="TargetChange"/>). Immutable; empty for one that is so.
/// </summary>
/// <param name="WhileStopped">While nothing is read.</param>
sealed record TargetSteps(IReadOnlyList<DdlStatement> WhileStopped)
{
    /// <summary>The same on an empty copy of the table, while the stream is read: what ClickHouse refuses, it refuses here.</summary>
    public IReadOnlyList<DdlStatement> Rehearsal { get; init; } = [];

    /// <summary>null where the table stays.</summary>
    public TableRebuild? Rebuild { get; init; }

    /// <summary>Drop tables that earlier rebuilds left: they hold no row that the target table does not.</summary>
    public IReadOnlyList<DdlStatement> Leftovers { get; init; } = [];

    /// <summary>The table is as defined, whatever else is to be cleared up.</summary>
    public bool IsAsDefined => WhileStopped.Count == 0 && Rebuild is null;
}
