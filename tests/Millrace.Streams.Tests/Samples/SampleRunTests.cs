using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Samples;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Samples;

/// <summary>What becomes of samples in the real engine, and what a check says of it.</summary>
[Collection(ServersCollection.Name)]
public sealed class SampleRunTests(ServersFixture servers) : ServersTest(servers), IDisposable
{
    readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_record_is_judged_by_what_its_sample_expects()
    {
        var catalog = Catalog("judged");
        var report = await RunAsync(catalog, """
            - { value: { id: 1, score: 5 }, expect: { row: { id: 1, score: 5, twice: 2 } } }
            - { value: { id: 1 }, expect: { row: { score: null } } }
            - { value: { id: 1, score: 5 }, expect: { row: { score: 6, twice: null } } }
            - { value: { id: x } }
            - { value: { id: x }, expect: dead_letter }
            - { value: { id: x, score: y }, expect: { dead_letter: { reason: is not a valid Int8, column: score } } }
            - { value: { id: x }, expect: { dead_letter: { column: score } } }
            - { value: { id: x }, expect: { dead_letter: { reason: is missing } } }
            - { value: { id: 1 }, expect: dead_letter }
            - { value: null }
            - { value: null, expect: row }
            - { value: { id: 1 }, expect: nothing }
            - { value: { id: 7 }, offset: 41, partition: 1, expect: { row: { place: "1/41" } } }
            - { value_base64: /w==, expect: { dead_letter: { reason: not valid JSON } } }
            """);
        Assert.Equal(
            [
                null, null, "score is 5, not 6; twice is 2, not NULL", "is a dead letter: id is not a valid UInt64: \"x\"", null, null,
                "is a dead letter, but not for score: id is not a valid UInt64: \"x\"",
                "is a dead letter, but not because of 'is missing': id is not a valid UInt64: \"x\"",
                "is a row", null, "has no value, so it becomes neither row nor dead letter", "is a row", null, null,
            ],
            report.Records.Select(record => record.Fault));
        Assert.Equal((14, 7), (Assert.Single(report.Streams).Records, report.Streams[0].Failed));
        Assert.False(report.IsWell);
        Assert.Equal(["row", "row", "row", "dead_letter"], report.Records.Take(4).Select(record => record.Outcome));
        Assert.Equal(
            [("id", "1"), ("score", null), ("twice", "2"), ("place", "0/1")],
            report.Records[1].Row!.Select(column => (column.Key, column.Value)));
    }

    [Fact]
    public async Task Of_many_records_those_are_listed_that_fail()
    {
        var catalog = Catalog("many");
        File.WriteAllLines(_folder.Sub("many.ndjson"), Enumerable.Range(0, 12_000).Select(i => i % 10 == 3 ? "{}" : $$"""{"id":{{i}}}"""));
        var samples = new SampleFiles(catalog).Read(_folder.Sub("many.ndjson"), Stream.Null);
        var report = await SampleRun.RunAsync(
            await Servers.NewDatabaseAsync(), catalog, samples, TimeProvider.System, CancellationToken.None);
        Assert.Equal((12_000, 1200), (report.Streams[0].Records, report.Streams[0].Failed));
        Assert.Equal((1000, 200), (report.Records.Count, report.NotListed));
        Assert.All(report.Records, record => Assert.Equal("is a dead letter: id is missing", record.Fault));
        Assert.Equal([4L, 14L], report.Records.Take(2).Select(record => record.Line));
    }

    [Fact]
    public async Task Values_that_are_gone_by_their_ttl_are_there_to_be_compared()
    {
        var catalog = TestStream.Catalog(TestStream.Small("aged", moreColumns: """
              - { name: at, type: DateTime, generate: now }
              - { name: raw, type: String, ttl: at + INTERVAL 1 DAY, generate: uuid }
            """));
        var report = await RunAsync(catalog, """
            - { value: { id: 1, at: 2020-01-01T00:00:00Z, raw: kept }, expect: { row: { raw: kept } } }
            """);
        Assert.True(report.IsWell);
    }

    [Fact]
    public async Task A_definition_without_samples_is_set_up_all_the_same()
    {
        var report = await SampleRun.RunAsync(
            await Servers.NewDatabaseAsync(), Catalog("bare"), [], TimeProvider.System, CancellationToken.None);
        Assert.True(report.IsWell);
    }

    [Fact]
    public async Task What_ClickHouse_refuses_of_a_set_up_is_the_fault_of_the_definitions()
    {
        // Whatever a check of ours lets through.
        var stream = Catalog("refused").Streams[0];
        var wrong = stream with { Columns = [.. stream.Columns.Select(column => column with { Codec = "NoSuch" })] };
        var endpoints = await Servers.NewDatabaseAsync();
        var refused = await Assert.ThrowsAsync<StreamDefinitionException>(
            () => SampleRun.RunAsync(endpoints, StreamCatalog.Create([("a.yaml", wrong)]), [], TimeProvider.System, CancellationToken.None));
        Assert.StartsWith("ClickHouse does not take what the definitions come to: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_a_view_fails_on_are_told_instead_of_waited_for()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        var catalog = Catalog("stuck");
        await StandSetup.RunAsync(endpoints, catalog, NullLogger.Instance, CancellationToken.None);
        using var client = new ClickHouseClient(endpoints);
        await client.ExecuteAsync("ALTER TABLE stuck_table ADD CONSTRAINT never CHECK id > 1000");
        TestTopic.Produce(endpoints, "stuck_topic", 0, ["""{"id":1}"""]);
        var ends = new Dictionary<TopicPartition, long> { [new("stuck_topic", 0)] = 1 };
        var stopped = await Assert.ThrowsAsync<CheckStoppedException>(() => SampleReading.UntilReadAsync(
            endpoints, client, ends, catalog.Streams, TimeProvider.System, CancellationToken.None));
        Assert.StartsWith("stuck_topic waits, as a view of it fails: ", stopped.Message, StringComparison.Ordinal);
    }

    static StreamCatalog Catalog(string name) => TestStream.Catalog(TestStream.Small($"{name}_topic", name, """
          - { name: twice, type: UInt64, expr: id + id }
          - { name: place, type: String, expr: "concat(toString(kafka_partition), '/', toString(kafka_offset))" }
        """));

    async Task<CheckReport> RunAsync(StreamCatalog catalog, string yaml)
    {
        File.WriteAllText(_folder.Sub("samples.yaml"), yaml);
        var samples = new SampleFiles(catalog).Read(_folder.Sub("samples.yaml"), Stream.Null);
        return await SampleRun.RunAsync(await Servers.NewDatabaseAsync(), catalog, samples, TimeProvider.System, CancellationToken.None);
    }
}
