using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>The statements that make ClickHouse hold what the definitions say, in the order that loses nothing. Immutable; empty when nothing is to do.</summary>
public sealed class DdlPlan
{
    DdlPlan(IReadOnlyList<DdlStatement> statements) => Statements = statements;

    public IReadOnlyList<DdlStatement> Statements { get; }

    public bool IsEmpty => Statements.Count == 0;

    /// <param name="kafka">As ClickHouse reaches it.</param>
    /// <exception cref="DdlRefusedException">A table can't become what its definition says, or is somebody else's.</exception>
    public static async Task<DdlPlan> ComputeAsync(ClickHouseClient client, StreamCatalog catalog, QueueKafka kafka, CancellationToken cancellation = default) =>
        Compute(await DatabaseState.ReadAsync(client, cancellation).ConfigureAwait(false), catalog, kafka);

    /// <summary>Brings ClickHouse up to date, one setup at a time, and returns what it did.</summary>
    /// <inheritdoc cref="ComputeAsync"/>
    public static async Task<DdlPlan> BringUpToDateAsync(ClickHouseClient client, StreamCatalog catalog, QueueKafka kafka, TimeProvider time, CancellationToken cancellation = default)
    {
        var plan = await ComputeAsync(client, catalog, kafka, cancellation).ConfigureAwait(false);
        if (plan.IsEmpty) return plan;
        await using var setupLock = await SetupLock.TakeAsync(client, time, cancellation).ConfigureAwait(false);
        plan = await ComputeAsync(client, catalog, kafka, cancellation).ConfigureAwait(false);
        await plan.ApplyAsync(client, cancellation).ConfigureAwait(false);
        return plan;
    }

    /// <summary>Runs the statements one after the other. A plan that broke off is simply computed and applied again.</summary>
    public async Task ApplyAsync(ClickHouseClient client, CancellationToken cancellation = default)
    {
        foreach (var statement in Statements) await client.ExecuteAsync(statement.Sql, cancellation: cancellation).ConfigureAwait(false);
    }

    /// <summary>The plan as a script for clickhouse-client, without passwords; empty when nothing is to do.</summary>
    public override string ToString() => string.Concat(Statements.Select(statement => statement.WithoutPassword()).Select(statement => $"-- {statement.Why}\n{statement.Sql};\n\n"));

    internal static DdlPlan Compute(DatabaseState state, StreamCatalog catalog, QueueKafka kafka)
    {
        var chains = catalog.Streams.Select(stream => new StreamChain(stream, kafka)).ToList();
        return new DdlPlan(
        [
            .. StopUndefined(state, chains),
            .. catalog.Streams.Select(stream => stream.DeadLetterTable).Distinct().SelectMany(table => DeadLettersChange.Statements(table, state)),
            .. catalog.Streams.Zip(chains).SelectMany(pair => Stream(state, pair.First, pair.Second)),
        ]);
    }

    static IEnumerable<DdlStatement> Stream(DatabaseState state, StreamDefinition stream, StreamChain chain)
    {
        RequireOwnNames(state, stream, chain);
        var target = TargetChange.Statements(stream, state).ToList();
        var changed = chain.InOrder.Where(made => !state.Holds(made)).ToList();
        if (changed.Count == 0) return target;
        if (changed is [var only] && only == chain.QueueTable) return [.. target, .. Remake(state, [only], [only])];
        return [.. Drops(state, chain.InDropOrder), .. target, .. Remake(state, [], chain.InOrder)];
    }

    static void RequireOwnNames(DatabaseState state, StreamDefinition stream, StreamChain chain)
    {
        if (chain.InOrder.FirstOrDefault(made => state.Find(made.Name) is { } table && !DdlObject.IsOurs(table.Comment)) is { } taken)
            throw new DdlRefusedException($"{taken.Name} is not of Millrace's making, but stream {stream.Name} needs the name: rename it (RENAME TABLE), or give the stream another name");
    }

    static IEnumerable<DdlStatement> Remake(DatabaseState state, IReadOnlyList<DdlObject> drop, IReadOnlyList<DdlObject> create) =>
    [
        .. Drops(state, drop),
        .. create.Select(made => new DdlStatement(made.CreateSqlWithComment, state.Find(made.Name) is null ? $"there is no {made.Name}" : $"{made.Name} is made again")),
    ];

    static IEnumerable<DdlStatement> Drops(DatabaseState state, IReadOnlyList<DdlObject> objects) =>
        objects.Where(made => state.Find(made.Name) is not null)
            .Select(made => Drop(made.Name, state.Holds(made) ? $"{made.Name} hangs together with what changed" : $"{made.Name} is not as defined"));

    /// <summary>A stream whose definition is gone stops; its target table and dead letters stay, its committed offsets too.</summary>
    static IEnumerable<DdlStatement> StopUndefined(DatabaseState state, IReadOnlyList<StreamChain> chains)
    {
        var defined = chains.SelectMany(chain => chain.InOrder).Select(made => made.Name).ToHashSet();
        return state.Tables.Where(table => DdlObject.IsOurs(table.Comment) && !defined.Contains(table.Name))
            .OrderBy(table => table.Engine switch { "Kafka" => 0, "MaterializedView" => 1, _ => 2 }).ThenBy(table => table.Name, StringComparer.Ordinal)
            .Select(table => Drop(table.Name, $"no definition names {table.Name} any more"));
    }

    /// <summary>SYNC: a queue table's consumer has left its group when the statement returns.</summary>
    static DdlStatement Drop(string name, string why) => new($"DROP TABLE IF EXISTS {name} SYNC", why);
}
