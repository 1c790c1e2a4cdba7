using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Kafka;

/// <summary>How ClickHouse's queue tables call themselves to Kafka.</summary>
public static class QueueClients
{
    /// <summary>How client.id begins for every queue table of every ClickHouse.</summary>
    internal const string OfClickHouse = "ClickHouse-";

    /// <summary>The table's name follows (getDefaultClientId of ClickHouse's src/Storages/Kafka).</summary>
    const string Sql = $"SELECT concat('{OfClickHouse}', FQDN(), '-', currentDatabase(), '-') AS client_prefix";

    /// <returns>How client.id begins for all queue tables of the database.</returns>
    /// <exception cref="ClickHouseException">ClickHouse refused the query.</exception>
    /// <exception cref="ClickHouseUnavailableException">ClickHouse gave no answer.</exception>
    public static async Task<string> PrefixAsync(ClickHouseClient client, CancellationToken cancellation) =>
        (await client.QueryAsync<Prefix>(Sql, cancellation: cancellation).ConfigureAwait(false))[0].ClientPrefix;

    sealed record Prefix(string ClientPrefix);
}
