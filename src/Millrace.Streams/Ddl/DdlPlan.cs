using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Expressions;

namespace Millrace.Streams.Ddl;

/// <summary>
/// The statements that make ClickHouse hold what the definitions say, in the order that loses nothing.
/// Immutable; empty when nothing is to do.
/// </summary>
public sealed class DdlPlan
{
    /// <summary>
    /// CREATE is analysis, most of it, and takes one processor: streams that wait for each other would leave the second idle.
    /// </summary>
    const int StreamsAtOnce = 4;

    readonly IReadOnlyList<DdlPhase> _phases;

    DdlPlan(IReadOnlyList<DdlPhase> phases, IReadOnlyList<NewDemand> demands) => (_phases, Demands) = (phases, demands);

    /// <summary>In an order in which they may be run one after the other.</summary>
    public IReadOnlyList<DdlStatement> Statements => [.. _phases.SelectMany(phase => phase.Series).SelectMany(series => series)];

    /// <summary>What records of streams that run already must have once it is carried out, and need not have now.</summary>
    public IReadOnlyList<NewDemand> Demands { get; }

    public bool IsEmpty => _phases.All(phase => phase.Series.Count == 0);

    /// <exception cref="StreamDefinitionException">ClickHouse does not take an expression of a definition.</exception>
    /// <exception cref="DdlRefusedException">A table can't become what its definition says, or is another stand's or somebody
    /// else's.</exception>
    public static async Task<DdlPlan> ComputeAsync(
        ClickHouseClient client, StreamCatalog catalog, StandEndpoints endpoints, CancellationToken cancellation = default)
    {
        await ExpressionCheck.RunAsync(client, catalog, cancellation).ConfigureAwait(false);
        return Compute(await DatabaseState.ReadAsync(client, cancellation).ConfigureAwait(false), catalog, endpoints);
    }

    /// <summary>Brings ClickHouse up to date, and returns what it did.</summary>
    /// <inheritdoc cref="ComputeAsync"/>
    public static async Task<DdlPlan> BringUpToDateAsync(
        ClickHouseClient client, StreamCatalog catalog, StandEndpoints endpoints, TimeProvider time,
        CancellationToken cancellation = default)
    {
        DdlPlan? done = null;
        while (done is null)
        {
            var plan = await ComputeAsync(client, catalog, endpoints, cancellation).ConfigureAwait(false);
            done = await plan.CarryOutAsync(client, catalog, endpoints, time, cancellation).ConfigureAwait(false);
        }
        return done;
    }

    /// <summary>Carries it out, one setup at a time: what another one did since it was computed is left out.</summary>
    /// <returns>
    /// What was done. null when nothing was, because a stream that demands more of a record was paused as this was computed, and runs now:
    /// what is in its topic may have to be read first.
    /// </returns>
    /// <inheritdoc cref="ComputeAsync"/>
    internal async Task<DdlPlan?> CarryOutAsync(
        ClickHouseClient client, StreamCatalog catalog, StandEndpoints endpoints, TimeProvider time, CancellationToken cancellation)
    {
        if (IsEmpty) return this;
        return await SetupLock.HoldAsync(client, time, async ended =>
        {
            var plan = await ComputeAsync(client, catalog, endpoints, ended).ConfigureAwait(false);
            if (plan.Demands.Any(demand => !demand.IsPaused && WasPaused(demand))) return null;
            await plan.ApplyAsync(client, ended).ConfigureAwait(false);
            return plan;
        }, cancellation).ConfigureAwait(false);
    }

    bool WasPaused(NewDemand demand) => Demands.Any(before => before.Topic == demand.Topic && before.IsPaused);

    /// <summary>Runs the statements, several streams' side by side. A plan that broke off is simply computed and applied again.</summary>
    public async Task ApplyAsync(ClickHouseClient client, CancellationToken cancellation = default)
    {
        foreach (var phase in _phases)
        {
            await Parallel.ForEachAsync(
                phase.Series,
                new ParallelOptions { MaxDegreeOfParallelism = StreamsAtOnce, CancellationToken = cancellation },
                async (series, ended) =>
                {
                    foreach (var statement in series)
                        await client.ExecuteAsync(statement.Runs.Reveal(), cancellation: ended).ConfigureAwait(false);
                }).ConfigureAwait(false);
        }
    }

    /// <summary>The plan as a script for clickhouse-client, without passwords; empty when nothing is to do.</summary>
    public override string ToString() => string.Concat(Statements.Select(statement => $"-- {statement.Why}\n{statement.Sql};\n\n"));

    internal static DdlPlan Compute(DatabaseState state, StreamCatalog catalog, StandEndpoints endpoints)
    {
        var stand = endpoints.Identity.Name;
        var chains = catalog.Streams.Select(stream => new StreamChain(stream, endpoints)).ToList();
        var deadLetters = catalog.Streams.Select(stream => stream.DeadLetterTable).Distinct();
        var changes = chains.Select(chain => Change(state, chain)).ToList();
        IReadOnlyList<DdlPhase> phases =
        [
            DdlPhase.OneByOne(
            [
                .. StopUndefined(state, stand, chains),
                .. deadLetters.SelectMany(table => DeadLettersChange.Statements(table, stand, state)),
            ]),
            DdlPhase.SideBySide(changes.Select(change => change.Preparing)),
            DdlPhase.SideBySide(changes.Select(change => change.Reading)),
        ];
        return new DdlPlan(phases, [.. catalog.Streams.Select(stream => NewDemand.Of(stream, stand, state)).OfType<NewDemand>()]);
    }

    /// <summary>
    /// What one stream needs. The statements by which its queue table is read come after those that prepare all streams, so that the
    /// members join their group at once: one that joins a group that has begun waits for the others' heartbeats, seconds.
    /// </summary>
    static (IEnumerable<DdlStatement> Preparing, IEnumerable<DdlStatement> Reading) Change(DatabaseState state, StreamChain chain)
    {
        foreach (var made in chain.InOrder) Ownership.RequireObject(made, chain.Stream, state);
        var target = TargetChange.Statements(chain.Stream, chain.Stand, state).ToList();
        if (state.Holds(chain.PauseMark)) return (ChangePaused(state, chain, target), []);
        var changed = chain.InOrder.Where(made => !state.Holds(made)).ToList();
        if (changed.Count == 0) return (target, []);
        if (changed is [var only] && only == chain.QueueTable) return (target, [.. Drops(state, [only]), .. Creates(state, [only])]);
        var behind = chain.InOrder.Where(made => made != chain.ParseView);
        return ([.. Drops(state, chain.InDropOrder), .. target, .. Creates(state, behind)], Creates(state, [chain.ParseView]));
    }

    /// <summary>All but what reads the topic becomes as defined: what reads it is made when the stream is resumed.</summary>
    static IEnumerable<DdlStatement> ChangePaused(DatabaseState state, StreamChain chain, IReadOnlyList<DdlStatement> target)
    {
        var stops = StreamPause.Stops(state, chain);
        if (chain.Behind.All(state.Holds)) return [.. stops, .. target];
        return [.. stops, .. Drops(state, [.. chain.InDropOrder.Except(chain.Reading)]), .. target, .. Creates(state, chain.Behind)];
    }

    static IEnumerable<DdlStatement> Creates(DatabaseState state, IEnumerable<DdlObject> objects) =>
        objects.Select(made => made.Create(state.Find(made.Name) is null ? $"there is no {made.Name}" : $"{made.Name} is made again"));

    static IEnumerable<DdlStatement> Drops(DatabaseState state, IReadOnlyList<DdlObject> objects) =>
        objects.Where(made => state.Find(made.Name) is not null)
            .Select(made => DdlStatement.Drop(
                made.Name,
                state.Holds(made) ? $"{made.Name} hangs together with what changed" : $"{made.Name} is not as defined"));

    /// <summary>
    /// A stream of this stand whose definition is gone stops; its target table and dead letters stay, its committed offsets too.
    /// </summary>
    static IEnumerable<DdlStatement> StopUndefined(DatabaseState state, string stand, IReadOnlyList<StreamChain> chains)
    {
        var defined = chains.SelectMany(chain => chain.InOrder.Append(chain.PauseMark)).Select(made => made.Name).ToHashSet();
        return state.Tables.Where(table => DdlObject.OwnerOf(table) == stand && !defined.Contains(table.Name))
            .OrderBy(table => table.Engine switch { "Kafka" => 0, "MaterializedView" => 1, _ => 2 })
            .ThenBy(table => table.Name, StringComparer.Ordinal)
            .Select(table => DdlStatement.Drop(table.Name, $"no definition names {table.Name} any more"));
    }
}
