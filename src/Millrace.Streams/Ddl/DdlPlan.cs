using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
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
    readonly IReadOnlyList<TableRebuild> _rebuilds;
    readonly IReadOnlyList<StreamChain> _chains;

    DdlPlan(
        IReadOnlyList<DdlPhase> phases, IReadOnlyList<NewDemand> demands, IReadOnlyList<TableRebuild> rebuilds,
        IReadOnlyList<StreamChain> chains) =>
        (_phases, Demands, _rebuilds, _chains) = (phases, demands, rebuilds, chains);

    /// <summary>What the statements come to, in their order.</summary>
    public IReadOnlyList<Operation> Operations =>
        [.. Statements.Select(statement => statement.Does).Concat(_rebuilds.SelectMany(rebuild => rebuild.Drops)).Distinct()];

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
        return await LookAsync(client, catalog, endpoints, cancellation).ConfigureAwait(false);
    }

    /// <summary>As <see cref="ComputeAsync"/>, for definitions whose expressions ClickHouse has judged.</summary>
    static async Task<DdlPlan> LookAsync(
        ClickHouseClient client, StreamCatalog catalog, StandEndpoints endpoints, CancellationToken cancellation)
    {
        var state = await DatabaseState.ReadAsync(client, catalog, cancellation).ConfigureAwait(false);
        var plan = Compute(state, catalog, endpoints);
        if (plan._rebuilds.Count == 0) return plan;
        return Compute(state.With(await TableMutations.ReadAsync(client, cancellation).ConfigureAwait(false)), catalog, endpoints);
    }

    /// <summary>Brings ClickHouse up to date, and returns what it did.</summary>
    /// <inheritdoc cref="CarryOutAsync"/>
    public static async Task<DdlPlan> BringUpToDateAsync(
        ClickHouseClient client, StreamCatalog catalog, StandEndpoints endpoints, TimeProvider time, Allowances? allowed = null,
        CancellationToken cancellation = default)
    {
        DdlPlan? done = null;
        while (done is null)
        {
            var plan = await ComputeAsync(client, catalog, endpoints, cancellation).ConfigureAwait(false);
            done = await plan
                .CarryOutAsync(client, catalog, endpoints, allowed ?? Allowances.None, time, cancellation).ConfigureAwait(false);
        }
        return done;
    }

    /// <summary>Looks for values that a table could not hold as it is defined, and for room to rebuild it in.</summary>
    /// <exception cref="DdlRefusedException">There are some, or there is none.</exception>
    public async Task CheckAsync(ClickHouseClient client, CancellationToken cancellation)
    {
        foreach (var rebuild in _rebuilds) await rebuild.Room.RequireAsync(client, cancellation).ConfigureAwait(false);
        foreach (var check in _rebuilds.SelectMany(rebuild => rebuild.Checks))
            await check.RunAsync(client, cancellation).ConfigureAwait(false);
    }

    /// <summary>Carries it out, one setup at a time: what another one did since it was computed is left out.</summary>
    /// <returns>
    /// What was done. null when nothing was, because a stream that demands more of a record was paused as this was computed, and runs now:
    /// what is in its topic may have to be read first.
    /// </returns>
    /// <exception cref="DdlRefusedException">A table can't become what its definition says, is another stand's or somebody else's, would
    /// lose data that nobody allowed to lose, or is filled by the retry of a command that was killed.</exception>
    internal async Task<DdlPlan?> CarryOutAsync(
        ClickHouseClient client, StreamCatalog catalog, StandEndpoints endpoints, Allowances allowed, TimeProvider time,
        CancellationToken cancellation)
    {
        if (IsEmpty) return this;
        return await SetupLock.HoldAsync(client, time, async ended =>
        {
            var secondWay = new SecondWay(client, endpoints, time);
            foreach (var stream in catalog.Streams) await secondWay.WaitAsync(stream.TargetTable, ended).ConfigureAwait(false);
            var plan = await LookAsync(client, catalog, endpoints, ended).ConfigureAwait(false);
            if (plan.Demands.Any(demand => !demand.IsPaused && WasPaused(demand))) return null;
            allowed.Require(plan.Operations);
            if (plan.ChangesTables)
            {
                await plan.CheckAsync(client, ended).ConfigureAwait(false);
                await TableMutations
                    .WaitAsync(client, [.. plan._chains.Select(chain => chain.Stream.TargetTable)], time, ended).ConfigureAwait(false);
                plan = await LookAsync(client, catalog, endpoints, ended).ConfigureAwait(false);
            }
            await plan.ApplyAsync(client, ended).ConfigureAwait(false);
            return plan;
        }, cancellation).ConfigureAwait(false);
    }

    bool WasPaused(NewDemand demand) => Demands.Any(before => before.Topic == demand.Topic && before.IsPaused);

    bool ChangesTables => Statements.Any(statement => statement.ChangesTable);

    /// <summary>
    /// Runs the statements, several streams' side by side. A plan that broke off is simply computed and applied again. Where a table could
    /// not be changed, its stream is read on as before, and the others' changes are done.
    /// </summary>
    public async Task ApplyAsync(ClickHouseClient client, CancellationToken cancellation = default)
    {
        var former = ChangesTables ? await FormerChains.ReadAsync(client, _chains, cancellation).ConfigureAwait(false) : null;
        foreach (var phase in _phases)
        {
            var failures = new ConcurrentQueue<Exception>();
            await Parallel.ForEachAsync(
                phase.Series,
                new ParallelOptions { MaxDegreeOfParallelism = StreamsAtOnce, CancellationToken = cancellation },
                async (series, ended) =>
                {
                    try { await RunAsync(client, series, former, ended).ConfigureAwait(false); }
                    catch (ClickHouseException e) { failures.Enqueue(e); }
                }).ConfigureAwait(false);
            if (failures.TryPeek(out var first)) ExceptionDispatchInfo.Throw(first);
        }
    }

    static async Task RunAsync(
        ClickHouseClient client, IReadOnlyList<DdlStatement> series, FormerChains? former, CancellationToken cancellation)
    {
        var isChanged = false;
        foreach (var statement in series)
        {
            try
            {
                await client.ExecuteAsync(statement.Runs.Reveal(), cancellation).ConfigureAwait(false);
                isChanged |= statement.ChangesTable;
            }
            catch (ClickHouseException) when (former is not null && !isChanged && statement.Does is { IsOfChain: false, Stream: not null })
            {
                await former.PutBackAsync(client, statement.Does.Stream, cancellation).ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>The plan as a script for clickhouse-client, without passwords; empty when nothing is to do.</summary>
    public override string ToString() => string.Concat(Statements.Select(statement => statement.ToScript()));

    internal static DdlPlan Compute(DatabaseState state, StreamCatalog catalog, StandEndpoints endpoints)
    {
        var stand = endpoints.Identity.Name;
        var chains = catalog.Streams.Select(stream => new StreamChain(stream, endpoints)).ToList();
        var deadLetters = catalog.Streams.Select(stream => stream.DeadLetterTable).Distinct();
        var changes = chains.Select(chain => StreamChange.Of(chain, state)).ToList();
        IReadOnlyList<DdlPhase> phases =
        [
            DdlPhase.OneByOne(
            [
                .. StopUndefined(state, stand, chains),
                .. deadLetters.SelectMany(table => DeadLettersChange.Statements(table, stand, state)),
            ]),
            DdlPhase.OneByOne(changes.SelectMany(change => change.Filling)),
            DdlPhase.SideBySide(changes.Select(change => change.Preparing)),
            DdlPhase.SideBySide(changes.Select(change => change.Reading)),
            DdlPhase.SideBySide(changes.Select(change => change.Clearing)),
        ];
        var demands = catalog.Streams.Select(stream => NewDemand.Of(stream, stand, state)).OfType<NewDemand>();
        return new DdlPlan(phases, [.. demands], [.. changes.Select(change => change.Rebuild).OfType<TableRebuild>()], chains);
    }

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
