using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Setup;

/// <summary>What is read twice is stored once: docs/decisions/0002-exactly-once.md.</summary>
[Collection(ServersCollection.Name)]
public class ExactlyOnceTests(ServersFixture servers) : ServersTest(servers)
{
    const int Records = 1000;

    [Fact]
    public async Task Records_read_again_from_the_beginning_are_not_stored_again()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(TestStream.Small("reread"));
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        using var client = new ClickHouseClient(endpoints);
        Produce(endpoints, partition: 0, from: 0);
        await Eventually.Holds(() => HasStored(client, rows: Records, deadLetters: 1), "the first records are stored");

        await RereadAsync(client, TestStream.Small("reread"), endpoints);
        Produce(endpoints, partition: 0, from: Records);
        Produce(endpoints, partition: 1, from: 0);

        await Eventually.Holds(() => HasStored(client, rows: 3 * Records, deadLetters: 3), "old and new records are stored");
        Assert.Equal(new Stored(3 * Records, 3 * Records, 3, 3), await StoredAsync(client));
    }

    /// <summary>Makes the queue table anew with a group that has committed nothing: it reads the topic from the log start offset.</summary>
    static async Task RereadAsync(ClickHouseClient client, string yaml, StandEndpoints endpoints)
    {
        var chain = new StreamChain(TestStream.Read(yaml), endpoints);
        await client.ExecuteAsync($"DROP TABLE {chain.QueueTable.Name} SYNC");
        await client.ExecuteAsync(chain.QueueTable.CreateSql.Replace(endpoints.Identity.Group, "reread_group", StringComparison.Ordinal));
    }

    static void Produce(StandEndpoints endpoints, int partition, int from)
    {
        var events = Enumerable.Range(from, Records).Select(id => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}}}"""));
        TestTopic.Produce(endpoints, "reread", partition, [.. events, "poison"]);
    }

    static async Task<bool> HasStored(ClickHouseClient client, long rows, long deadLetters)
    {
        var stored = await StoredAsync(client);
        return stored.DistinctRows == rows && stored.DistinctLetters == deadLetters;
    }

    static async Task<Stored> StoredAsync(ClickHouseClient client) => (await client.QueryAsync<Stored>(
        """
        SELECT r.1 AS rows, r.2 AS distinct_rows, l.1 AS letters, l.2 AS distinct_letters
        FROM (SELECT
            (SELECT (count(), uniqExact(kafka_partition, kafka_offset)) FROM small_table) AS r,
            (SELECT (count(), uniqExact(kafka_partition, kafka_offset)) FROM dead_letters) AS l)
        """)).Single();

    sealed record Stored(long Rows, long DistinctRows, long Letters, long DistinctLetters);
}
