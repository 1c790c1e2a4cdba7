using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Audit;

[Collection(ServersCollection.Name)]
public class SampleCheckTests(ServersFixture servers) : ServersTest(servers)
{
    const int Records = 60, Bad = 4;

    const string Definition =
        """
        stream: small
        topic: sampled
        partitions: 2
        table: small_table
        order_by: [id]
        columns:
          - { name: id, type: UInt64 }
          - { name: score, type: Nullable(Int8) }
          - { name: amount, type: "Decimal(18, 2)" }
          - { name: at, type: "DateTime64(3, 'Asia/Tokyo')" }
          - { name: word, type: LowCardinality(String), from: "$.more.words[-1]" }
          - { name: tags, type: Array(String) }
        """;

    [Fact]
    public async Task Values_that_were_changed_and_records_that_are_gone_are_found_one_by_one()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(Definition);
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        for (var partition = 0; partition < 2; partition++)
        {
            var lot = partition;
            TestTopic.Produce(endpoints, "sampled", lot, Enumerable.Range(lot * Records / 2, Records / 2).Select(Record));
        }
        // JSON for ClickHouse, and no text for .NET.
        TestTopic.Produce(endpoints, "sampled", 1, [Record(0).Replace("\"w0\"", "\"\\ud800\"", StringComparison.Ordinal)]);
        TestTopic.Produce(endpoints, "sampled", 0, Enumerable.Repeat("no JSON", Bad));
        using var client = new ClickHouseClient(endpoints);
        var report = await RunAsync(null);
        await Eventually.Holds(
            async () => (report = await RunAsync(null)).Records == Records + Bad + 1, "all records are read, and committed");

        Assert.Empty(report.Differences);
        Assert.Equal((Records + 1, Bad), (report.Rows, report.DeadLetters));
        Assert.Equal(((Records * 5) + 4 + (Bad * 2), Records + 2), (report.Values, report.NotCompared)); // One column is an array.

        await client.ExecuteAsync("ALTER TABLE small_table UPDATE amount = amount + 0.01 WHERE id = 7 SETTINGS mutations_sync = 2");
        await client.ExecuteAsync("ALTER TABLE small_table UPDATE at = at + INTERVAL 1 HOUR WHERE id = 8 SETTINGS mutations_sync = 2");
        await client.ExecuteAsync("ALTER TABLE small_table UPDATE score = 1 WHERE id = 9 SETTINGS mutations_sync = 2");
        await client.ExecuteAsync("ALTER TABLE small_table DELETE WHERE id = 10 SETTINGS mutations_sync = 2");

        report = await RunAsync(null);

        Assert.Equal(["amount", "at", "score", null], report.Differences.Select(difference => difference.Column));
        Assert.Equal(
            [
                "sampled[0] offset 7 has 7.25 for amount, and 7.26 is stored.",
                "sampled[0] offset 8 has \"2026-11-28T10:00:08.5Z\" for at, and 2026-11-28 11:00:08.500 is stored.",
                "sampled[0] offset 9 has nothing for score, and 1 is stored.",
                "sampled[0] offset 10 is neither a row of small_table nor a dead letter.",
            ],
            report.Differences.Select(difference => difference.Sentence));
        Assert.True(new AuditReport([]) { Sample = report }.HasTrouble);

        // A part of them: the same seed takes the same, another one others.
        await client.ExecuteAsync("TRUNCATE TABLE small_table");
        var some = await RunAsync(10);
        Assert.Equal(10, some.Records);
        Assert.Equal(some.Differences, (await RunAsync(10)).Differences);
        Assert.NotEqual(some.Differences, (await RunAsync(10, seed: 8)).Differences);

        Task<SampleReport> RunAsync(int? records, int seed = 7) =>
            SampleCheck.RunAsync(endpoints, catalog, records ?? 1000, seed, CancellationToken.None);
    }

    static string Record(int id) =>
        FormattableString.Invariant(
            $$"""{"id":{{id}},"amount":{{id}}.25,"at":"2026-11-28T10:00:{{id:00}}.5Z","more":{"words":["a","w{{id % 3}}"]},"tags":["x"]}""");
}
