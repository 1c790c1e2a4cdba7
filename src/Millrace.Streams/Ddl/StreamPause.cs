using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// Makes ClickHouse stop reading the topic of one stream, and go on where its group is. That a stream is paused is said by a table in
/// ClickHouse, its mark: whoever works on the database finds it there (docs/decisions/0016-paused-streams.md).
/// </summary>
public static class StreamPause
{
    /// <summary>Its records wait in the topic from then on. Killed after its first statement, the next setup finishes it.</summary>
    /// <returns>false when it was paused already.</returns>
    /// <exception cref="PauseRefusedException">It is not set up.</exception>
    /// <exception cref="DdlRefusedException">A table of it is another stand's or somebody else's.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static Task<bool> PauseAsync(
        StandEndpoints endpoints, StreamDefinition stream, TimeProvider time, CancellationToken cancellation) =>
        CarryOutAsync(endpoints, stream, PausePlan, (_, _) => Task.CompletedTask, time, cancellation);

    /// <summary>It is read from the group's committed offsets on. Killed anywhere, the next setup or resume finishes it.</summary>
    /// <param name="check">Looks at the database before anything is done, and throws where nothing may be read.</param>
    /// <returns>false when it was not paused.</returns>
    /// <exception cref="PauseRefusedException">It is not set up, or was set up by another definition than this one.</exception>
    /// <inheritdoc cref="PauseAsync"/>
    internal static Task<bool> ResumeAsync(
        StandEndpoints endpoints, StreamDefinition stream, Func<ClickHouseClient, DatabaseState, Task> check, TimeProvider time,
        CancellationToken cancellation) =>
        CarryOutAsync(endpoints, stream, ResumePlan, check, time, cancellation);

    /// <returns>The topics of the streams that are paused.</returns>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused.</exception>
    public static async Task<IReadOnlySet<string>> TopicsAsync(
        ClickHouseClient client, IReadOnlyCollection<StreamDefinition> streams, string stand, CancellationToken cancellation)
    {
        var found = await client.QueryAsync<Mark>(MarksSql(streams, stand), cancellation: cancellation).ConfigureAwait(false);
        var marks = found.Select(mark => mark.Name).ToHashSet();
        return streams.Where(stream => marks.Contains(stream.PauseMark)).Select(stream => stream.Topic).ToHashSet();
    }

    /// <summary>The query for the names of the marks that are there.</summary>
    internal static string MarksSql(IEnumerable<StreamDefinition> streams, string stand)
    {
        var marks = streams.Select(stream => MarkOf(stream, stand)).Select(mark => $"({Sql.Text(mark.Name)}, {Sql.Text(mark.Comment)})");
        return $"SELECT name FROM system.tables WHERE database = currentDatabase() AND (name, comment) IN ({string.Join(", ", marks)})";
    }

    /// <remarks>Its statement stays as it is for ever: a mark is known by the fingerprint of it.</remarks>
    internal static DdlObject MarkOf(StreamDefinition stream, string stand) =>
        new(stream.PauseMark, $"CREATE TABLE IF NOT EXISTS {stream.PauseMark} (nothing UInt8) ENGINE = Null", stand, stream.Name);

    internal static bool IsPaused(StreamDefinition stream, string stand, DatabaseState state) => state.Holds(MarkOf(stream, stand));

    /// <summary>What stops the reading. The queue table goes first: a block in flight still has its views.</summary>
    internal static IEnumerable<DdlStatement> Stops(DatabaseState state, StreamChain chain) =>
        chain.Reading.Where(made => state.Find(made.Name) is not null)
            .Select(made => made.Drop("the stream is paused"));

    /// <summary>The mark first: from then on a setup that comes in between stops the stream, too.</summary>
    static IReadOnlyList<DdlStatement> PausePlan(DatabaseState state, StreamChain chain)
    {
        if (state.Holds(chain.PauseMark)) return [.. Stops(state, chain)];
        RequireSetUp(state, chain.Stream);
        return [chain.PauseMark.Create($"stream {chain.Stream.Name} is to be paused"), .. Stops(state, chain)];
    }

    static IReadOnlyList<DdlStatement> ResumePlan(DatabaseState state, StreamChain chain)
    {
        var stream = chain.Stream;
        var isPaused = state.Holds(chain.PauseMark);
        if (!isPaused) RequireSetUp(state, stream);
        if (!isPaused && chain.Reading.All(made => state.Find(made.Name) is not null)) return [];
        if (!chain.IsSetUp(state))
            throw new PauseRefusedException(
                $"stream {stream.Name} was set up by another definition than it has now: "
                + "carry the edit out (apply)" + (isPaused ? ", then resume it" : ""));
        var missing = chain.Reading.Where(made => !state.Holds(made)).ToList();
        DdlStatement[] unmarks = isPaused ? [chain.PauseMark.Drop($"stream {stream.Name} is to be resumed")] : [];
        return
        [
            .. unmarks,
            .. missing.Where(made => state.Find(made.Name) is not null)
                .Select(made => made.Drop($"{made.Name} is not as defined")),
            .. missing.Select(made => made.Create($"stream {stream.Name} is to be resumed")),
        ];
    }

    static void RequireSetUp(DatabaseState state, StreamDefinition stream)
    {
        if (state.Find(stream.ParsedTable) is null)
            throw new PauseRefusedException(
                $"stream {stream.Name} is not set up in ClickHouse yet: carry its definition out first (apply)");
    }

    static async Task<bool> CarryOutAsync(
        StandEndpoints endpoints, StreamDefinition stream,
        Func<DatabaseState, StreamChain, IReadOnlyList<DdlStatement>> plan, Func<ClickHouseClient, DatabaseState, Task> check,
        TimeProvider time, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        var chain = new StreamChain(stream, endpoints);
        var state = await DatabaseState.ReadAsync(client, cancellation).ConfigureAwait(false);
        if (Plan(state).Count == 0) return false;
        await check(client, state).ConfigureAwait(false);
        return await SetupLock.HoldAsync(client, time, async ended =>
        {
            var statements = Plan(await DatabaseState.ReadAsync(client, ended).ConfigureAwait(false));
            foreach (var statement in statements)
                await client.ExecuteAsync(statement.Runs.Reveal(), ended).ConfigureAwait(false);
            return statements.Count > 0;
        }, cancellation).ConfigureAwait(false);

        IReadOnlyList<DdlStatement> Plan(DatabaseState found)
        {
            foreach (var made in chain.InOrder.Append(chain.PauseMark)) Ownership.RequireObject(made, stream, found);
            return plan(found, chain);
        }
    }

    sealed record Mark(string Name);
}
