namespace Millrace.Streams.Ddl;

/// <summary>What one stream needs to be as defined, in the phases of a plan. Immutable.</summary>
sealed record StreamChange
{
    /// <summary>While the stream is still read by the definition of before.</summary>
    public IReadOnlyList<DdlStatement> Filling { get; init; } = [];

    public IReadOnlyList<DdlStatement> Preparing { get; init; } = [];

    /// <summary>
    /// By these its queue table is read. They come after those that prepare all streams, so that the members join their group at once: one
    /// that joins a group that has begun waits for the others' heartbeats, seconds.
    /// </summary>
    public IReadOnlyList<DdlStatement> Reading { get; init; } = [];

    /// <summary>Once it is read again.</summary>
    public IReadOnlyList<DdlStatement> Clearing { get; init; } = [];

    public TableRebuild? Rebuild { get; init; }

    /// <exception cref="DdlRefusedException">An object of it is another stand's or somebody else's.</exception>
    public static StreamChange Of(StreamChain chain, DatabaseState state)
    {
        foreach (var made in chain.InOrder) Ownership.RequireObject(made, chain.Stream, state);
        var table = TargetChange.Of(chain.Stream, chain.Stand, state);
        var change = new StreamChange
        {
            Rebuild = table.Rebuild,
            Filling = table.Rebuild?.Filling ?? table.Rehearsal,
            Clearing = [.. table.Leftovers, .. table.Rebuild?.Clearing ?? []],
        };
        DdlStatement[] whileStopped = [.. table.WhileStopped, .. table.Rebuild?.Exchanging ?? []];
        if (state.Holds(chain.PauseMark)) return change with { Preparing = [.. WhilePaused(state, chain, table, whileStopped)] };
        var changed = chain.InOrder.Where(made => !state.Holds(made)).ToList();
        if (table.Rebuild is null)
        {
            if (changed.Count == 0) return change with { Preparing = whileStopped };
            if (changed is [var only] && only == chain.QueueTable)
                return change with { Preparing = whileStopped, Reading = [.. Drops(state, [only]), .. Creates(state, [only])] };
        }
        return change with
        {
            Preparing =
            [
                .. Drops(state, chain.InDropOrder),
                .. whileStopped,
                .. Creates(state, chain.InOrder.Where(made => made != chain.ParseView)),
            ],
            Reading = [.. Creates(state, [chain.ParseView])],
        };
    }

    /// <summary>All but what reads the topic becomes as defined: what reads it is made when the stream is resumed.</summary>
    static IEnumerable<DdlStatement> WhilePaused(
        DatabaseState state, StreamChain chain, TargetSteps table, IEnumerable<DdlStatement> whileStopped)
    {
        var stops = StreamPause.Stops(state, chain);
        if (chain.Behind.All(state.Holds) && table.Rebuild is null) return [.. stops, .. whileStopped];
        return [.. stops, .. Drops(state, [.. chain.InDropOrder.Except(chain.Reading)]), .. whileStopped, .. Creates(state, chain.Behind)];
    }

    static IEnumerable<DdlStatement> Creates(DatabaseState state, IEnumerable<DdlObject> objects) =>
        objects.Select(made => made.Create(state.Find(made.Name) is null ? $"there is no {made.Name}" : $"{made.Name} is made again"));

    static IEnumerable<DdlStatement> Drops(DatabaseState state, IReadOnlyList<DdlObject> objects) =>
        objects.Where(made => state.Find(made.Name) is not null)
            .Select(made => made.Drop(
                state.Holds(made) ? $"{made.Name} hangs together with what changed" : $"{made.Name} is not as defined"));
}
