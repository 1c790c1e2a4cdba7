using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Ddl;

/// <summary>
/// The UPDATEs, DELETEs and rewrites that a table has been given, as system.mutations has them. ClickHouse lets a RENAME wait for those
/// before it, and a copy may be made before or after one: so a plan that changes a table begins when none is at work.
/// </summary>
static class TableMutations
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

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
            if (running.Find(mutation => mutation.LatestFailReason.Length > 0) is { } failing)
                throw new DdlRefusedException(
                    $"a change of {failing.Table} that somebody made fails, and nothing after it can be done "
                        + $"({failing.LatestFailReason.Split('\n')[0]}): end it with  "
                        + $"KILL MUTATION WHERE table = '{failing.Table}' AND mutation_id = '{failing.MutationId}'");
            if (running.Count == 0) return;
            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }

    static Task<IReadOnlyList<Mutation>> QueryAsync(ClickHouseClient client, CancellationToken cancellation) =>
        client.QueryAsync<Mutation>(
            "SELECT table, mutation_id, is_done, latest_fail_reason FROM system.mutations WHERE database = currentDatabase()",
            cancellation: cancellation);

    /// <summary>A row of system.mutations.</summary>
    sealed record Mutation(string Table, string MutationId, int IsDone, string LatestFailReason);
}
