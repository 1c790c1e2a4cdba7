using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Ddl;

/// <summary>
/// The UPDATEs, DELETEs and rewrites that a table has been given, as system.mutations has them. ClickHouse lets a RENAME wait for those
/// before it, and a copy may be made before or after one: so a plan that changes a table begins when none is at work.
/// </summary>
static class TableMutations
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>ClickHouse tries one that failed again within seconds, later ones up to a minute apart.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The ids of all that ClickHouse remembers, by table.</summary>
    public static async Task<ILookup<string, string>> ReadAsync(ClickHouseClient client, CancellationToken cancellation) =>
        (await QueryAsync(client, cancellation).ConfigureAwait(false))
            .ToLookup(mutation => mutation.Table, mutation => mutation.MutationId);

    /// <exception cref="DdlRefusedException">One fails, and all that come after it wait for it.</exception>
    public static async Task WaitAsync(
        ClickHouseClient client, IReadOnlyCollection<string> tables, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            var running = (await QueryAsync(client, cancellation).ConfigureAwait(false))
                .Where(mutation => mutation.IsDone == 0 && tables.Contains(mutation.Table)).ToList();
            if (running.Find(mutation => mutation.Fails) is { } failing) throw Refused(failing);
            if (running.Count == 0) return;
            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Stops those of ours that fail. ClickHouse tries several at a time and says of all that they fail, so those behind one that is
    /// stopped get a while to show that they do not.
    /// </summary>
    /// <param name="isOurs">Tells from the command whether it is ours to stop, as it is done again.</param>
    /// <exception cref="DdlRefusedException">One that is somebody else's fails, and all that come after it wait for it.</exception>
    public static async Task RequireNoneFailsAsync(
        ClickHouseClient client, string table, Predicate<string> isOurs, TimeProvider time, CancellationToken cancellation)
    {
        for (var stopped = default(long?); ;)
        {
            var failing = (await QueryAsync(client, cancellation).ConfigureAwait(false))
                .Where(mutation => mutation.Table == table && mutation.IsDone == 0 && mutation.Fails)
                .ToLookup(mutation => isOurs(mutation.Command));
            foreach (var ours in failing[true])
            {
                await client.ExecuteAsync($"{ours.Kill} SYNC", cancellation).ConfigureAwait(false);
                stopped = time.GetTimestamp();
            }
            if (failing[false].FirstOrDefault() is not { } other) return;
            if (stopped is not { } at || time.GetElapsedTime(at) > Patience) throw Refused(other);
            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }

    static DdlRefusedException Refused(Mutation failing) => new(
        $"a change of {failing.Table} that somebody made fails, and nothing after it can be done "
            + $"({failing.LatestFailReason.Split('\n')[0]}): end it with  {failing.Kill}");

    static Task<IReadOnlyList<Mutation>> QueryAsync(ClickHouseClient client, CancellationToken cancellation) =>
        client.QueryAsync<Mutation>(
            "SELECT table, mutation_id, command, is_done, latest_fail_reason FROM system.mutations WHERE database = currentDatabase()",
            cancellation: cancellation);

    /// <summary>A row of system.mutations.</summary>
    sealed record Mutation(string Table, string MutationId, string Command, int IsDone, string LatestFailReason)
    {
        public bool Fails => LatestFailReason.Length > 0;

        public string Kill => $"KILL MUTATION WHERE table = '{Table}' AND mutation_id = '{MutationId}'";
    }
}
