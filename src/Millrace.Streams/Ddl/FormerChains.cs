using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Ddl;

/// <summary>
/// What streams had between their topics and their tables before a plan, so that a stream is read on as before where its table could not be
/// changed. Immutable.
/// </summary>
sealed class FormerChains
{
    /// <summary>Stands in system.tables instead of a password.</summary>
    const string Hidden = "[HIDDEN]";

    readonly IReadOnlyList<StreamChain> _chains;
    readonly Dictionary<string, string> _created;

    FormerChains(IReadOnlyList<StreamChain> chains, Dictionary<string, string> created) => (_chains, _created) = (chains, created);

    public static async Task<FormerChains> ReadAsync(
        ClickHouseClient client, IReadOnlyList<StreamChain> chains, CancellationToken cancellation)
    {
        var names = chains.SelectMany(chain => chain.InOrder).Select(made => Sql.Text(made.Name)).ToList();
        if (names.Count == 0) return new FormerChains(chains, []);
        var found = await client.QueryAsync<Former>(
            "SELECT name, create_table_query FROM system.tables WHERE database = currentDatabase() "
                + $"AND name IN ({string.Join(", ", names)})",
            cancellation: cancellation).ConfigureAwait(false);
        return new FormerChains(chains, found.ToDictionary(table => table.Name, table => table.CreateTableQuery));
    }

    /// <summary>In the order of every change of a stream: the queue table goes first, the parse view comes last.</summary>
    public async Task PutBackAsync(ClickHouseClient client, string stream, CancellationToken cancellation)
    {
        if (_chains.FirstOrDefault(chain => chain.Stream.Name == stream) is not { } chain) return;
        foreach (var made in chain.InDropOrder)
            await client.ExecuteAsync($"DROP TABLE IF EXISTS {made.Name} SYNC", cancellation).ConfigureAwait(false);
        foreach (var made in chain.InOrder.Where(made => _created.ContainsKey(made.Name)))
        {
            var sql = _created[made.Name];
            if (sql.Contains(Hidden, StringComparison.Ordinal)) sql = made.CreateSqlWithComment;
            await client.ExecuteAsync(sql, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A row of system.tables.</summary>
    sealed record Former(string Name, string CreateTableQuery);
}
