using System.Net;
using Millrace.Meters;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests.Http;

/// <summary>Other tests ask in the same process: what is told of is at least what a test did.</summary>
[Collection(EngineCollection.Name)]
public sealed class MetersTests(EngineFixture engine) : IDisposable
{
    readonly MeterCollector _collector = new(TimeProvider.System);

    public void Dispose() => _collector.Dispose();

    [Fact]
    public async Task Queries_are_measured_with_their_rows_bytes_and_errors()
    {
        await engine.Post("CREATE TABLE measured (n UInt64) ENGINE = Memory");
        await engine.Post("INSERT INTO measured FORMAT TSV\n1\n2\n3\n");
        await engine.Post("SELECT n FROM measured");
        await engine.Post("SELEC 1");
        foreach (var kind in new[] { "Select", "Insert", "Other" }) Assert.True(_collector.Sum("clickhouse.query.time.count", kind) >= 1, kind);
        Assert.True(_collector.Sum("clickhouse.query.time.99p", "Select") > 0);
        Assert.True(_collector.Sum("clickhouse.selected.rows") >= 3);
        Assert.True(_collector.Sum("clickhouse.selected.bytes") >= 24);
        Assert.True(_collector.Sum("clickhouse.inserted.rows") >= 3);
        Assert.True(_collector.Sum("clickhouse.result.bytes") >= 24);
        Assert.True(_collector.Sum("clickhouse.query.failed", "SYNTAX_ERROR") >= 1);
    }

    [Theory]
    [InlineData("INSERT INTO copied SELECT number FROM numbers(3)")]
    [InlineData("WITH 1 AS one INSERT INTO copied SELECT one")]
    public async Task An_INSERT_of_what_a_SELECT_gives_is_an_Insert(string query)
    {
        await engine.Post("CREATE TABLE IF NOT EXISTS copied (n UInt64) ENGINE = Memory");
        var before = _collector.Sum("clickhouse.query.time.count", "Insert");
        await engine.Post(query);
        Assert.True(_collector.Sum("clickhouse.query.time.count", "Insert") > before);
    }

    [Fact]
    public async Task Whoever_may_not_ask_at_all_counts_as_failed()
    {
        var before = _collector.Sum("clickhouse.query.failed", "ACCESS_DENIED");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(engine.Http.BaseAddress!, "/?query=SELECT+1"));
        request.Headers.Host = "evil.example";
        Assert.Equal(HttpStatusCode.Forbidden, (await engine.Http.SendAsync(request)).StatusCode);
        Assert.True(_collector.Sum("clickhouse.query.failed", "ACCESS_DENIED") > before);
    }
}
