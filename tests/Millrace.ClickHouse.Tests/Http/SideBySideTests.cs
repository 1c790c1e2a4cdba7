using System.Diagnostics;
using System.Text;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests.Http;

[Collection(EngineCollection.Name)]
public sealed class SideBySideTests(EngineFixture engine)
{
    /// <summary>Runs until it is stopped, without ever having a row to send.</summary>
    const string Endless = "SELECT count() FROM system.numbers WHERE NOT ignore(number)";

    [Fact]
    public async Task Fifty_queries_at_once_each_get_their_own_result()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            engine.Ask($"SELECT {i}, sum(number) FROM numbers(1000000)", $"max_threads=1&max_block_size={1000 + i}")));

        Assert.All(answers.Select((answer, i) => (answer, i)), a => Assert.Equal($"{a.i}\t499999500000", a.answer));
    }

    [Fact]
    public async Task Slow_queries_hold_up_neither_ping_nor_others()
    {
        using var closing = new CancellationTokenSource();
        const string Sleeper = "SELECT sleepEachRow(3) FROM numbers(100) SETTINGS max_block_size = 1";
        var slow = Enumerable.Range(0, 20).Select(i => Post(Sleeper, $"slow-{i}", closing.Token)).ToList();
        await Eventually.Holds(async () => await Running("slow-%") == 20, "all slow queries run");

        Assert.Equal("Ok.\n", await engine.Http.GetStringAsync("/ping"));
        Assert.Equal("1", await engine.Ask("SELECT 1"));
        Assert.All(slow, query => Assert.False(query.IsCompleted));

        await closing.CancelAsync();
        await Eventually.Holds(async () => await Running("slow-%") == 0, "closed connections stop their queries");
    }

    [Theory]
    [InlineData("endless")]
    [InlineData("%00endless%20'too")]
    public async Task A_query_whose_connection_is_closed_stops(string id)
    {
        using var closing = new CancellationTokenSource();
        var query = Post(Endless, id, closing.Token);
        await Eventually.Holds(async () => await RunningEndless() == "1", "the query runs");

        await closing.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        await Eventually.Holds(async () => await RunningEndless() == "0", "the query stops");

        Task<string> RunningEndless() => engine.Ask($"SELECT count() FROM system.processes WHERE query LIKE '{Endless}%'");
    }

    [Fact]
    public async Task A_command_whose_connection_is_closed_stops()
    {
        using var closing = new CancellationTokenSource();
        var query = Post($"INSERT INTO FUNCTION null('n UInt64') {Endless}", "endless-insert", closing.Token);
        await Eventually.Holds(async () => await Running("endless-insert") == 1, "the insert runs");

        await closing.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        await Eventually.Holds(async () => await Running("endless-insert") == 0, "the insert stops");
    }

    [Fact]
    public async Task A_reader_that_leaves_midway_stops_the_query()
    {
        var statement = new StringContent("SELECT * FROM system.numbers");
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/?query_id=leaver") { Content = statement })
        using (var response = await engine.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            var buffer = new byte[1000];
            await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(buffer);
            Assert.StartsWith("0\n1\n2\n", Encoding.ASCII.GetString(buffer), StringComparison.Ordinal);
            Assert.Equal(1, await Running("leaver"));
        }

        await Eventually.Holds(async () => await Running("leaver") == 0, "the query stops");
    }

    [Fact]
    public async Task A_large_result_is_streamed_and_takes_no_memory()
    {
        const int Warm = 50_000_000;
        using var process = Process.GetCurrentProcess();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("SELECT * FROM numbers(50000000)") };
        using var response = await engine.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 20];
        long total = 0, warm = 0, peak = 0;
        for (int count, reads = 0; (count = await body.ReadAsync(buffer)) > 0; reads++)
        {
            total += count;
            if (reads % 100 != 0) continue;
            process.Refresh();
            if (total < Warm) warm = process.WorkingSet64;
            else peak = Math.Max(peak, process.WorkingSet64);
        }

        Assert.Equal(438_888_890, total);
        // Buffered whole it would be at least 390 MB more; other tests run in this process too.
        Assert.True(peak - warm < 200_000_000, $"grew by {peak - warm} bytes");
    }

    [Fact]
    public async Task A_query_is_killed_by_the_id_that_http_gave_it()
    {
        var query = Post(Endless, "to-be-killed", CancellationToken.None);
        await Eventually.Holds(async () => await Running("to-be-killed") == 1, "the query runs");

        Assert.Contains("default", await engine.Ask("KILL QUERY WHERE query_id = 'to-be-killed' SYNC"), StringComparison.Ordinal);

        Assert.Equal("394", (await query).ErrorCode);
        Assert.Equal("", await engine.Ask("KILL QUERY WHERE query_id = 'to-be-killed' SYNC"));
    }

    [Theory]
    [InlineData("as-sent-1", "", Endless)]
    [InlineData("as-sent-2", "database=system&max_threads=1", Endless + " -- a comment")]
    [InlineData("as-sent-3", "", Endless + "\nFORMAT JSONEachRow")]
    [InlineData("as-sent-4", "", "SELECT count() FROM `system` . processes, system.numbers AS n WHERE NOT ignore(n.number)")]
    public async Task Processes_show_what_the_user_sent_and_the_id_that_http_gave(string id, string parameters, string statement)
    {
        using var closing = new CancellationTokenSource();
        var content = new StringContent(statement);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/?query_id={id}&{parameters}") { Content = content };
        var query = engine.Http.SendAsync(request, closing.Token);
        await Eventually.Holds(
            async () => await engine.Ask($"SELECT count() FROM system.processes WHERE query_id = '{id}'") == "1", "the query runs");

        Assert.Equal(statement, await engine.Ask($"SELECT p.query FROM system.processes AS p WHERE p.query_id = '{id}' FORMAT TSVRaw"));
        Assert.Equal("", await engine.Ask("SELECT query FROM system.processes WHERE query_id = 'x'"));
        Assert.Equal("SHOW PROCESSLIST FORMAT JSONEachRow", await Listed());

        await closing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);

        async Task<string> Listed()
        {
            var lines = (await engine.Ask("SHOW PROCESSLIST FORMAT JSONEachRow", "query_id=list")).Split('\n');
            Assert.Contains(lines, line => line.Contains($"\"query_id\":\"{id}\"", StringComparison.Ordinal));
            var line = lines.Single(line => line.Contains("\"query_id\":\"list\"", StringComparison.Ordinal));
            using var own = System.Text.Json.JsonDocument.Parse(line);
            return own.RootElement.GetProperty("query").GetString()!;
        }
    }

    [Fact]
    public async Task An_insert_shows_as_it_was_sent()
    {
        await engine.Ask("CREATE TABLE slow_rows (n UInt8) ENGINE = Null");
        await engine.Ask("CREATE MATERIALIZED VIEW slow_rows_mv ENGINE = Null AS SELECT n, sleepEachRow(2) AS s FROM slow_rows");
        const string Sent = "INSERT INTO slow_rows";
        var insert = engine.Post($"{Sent} FORMAT CSV\n1\n", "query_id=slow-insert&max_threads=1&database=default");

        const string Shown = "SELECT query FROM system.processes WHERE query_id = 'slow-insert' AND query LIKE 'INSERT%' FORMAT TSVRaw";
        var shown = await Eventually.Gives(() => engine.Ask(Shown), text => text.Length > 0, "the insert runs");
        Assert.Equal($"{Sent}  FORMAT CSV", shown);
        Assert.Equal(200, (await insert).Status);
    }

    [Fact]
    public async Task A_query_takes_the_place_of_one_with_its_id()
    {
        var query = Post(Endless, "replaced", CancellationToken.None);
        await Eventually.Holds(async () => await Running("replaced") == 1, "the query runs");

        Assert.Equal("2", await engine.Ask("SELECT 2", "query_id=replaced&replace_running_query=1"));

        Assert.Equal("394", (await query).ErrorCode);
        Assert.Equal("3", await engine.Ask("SELECT 3", "query_id=replaced&replace_running_query=1"));
    }

    [Fact]
    public async Task An_id_that_runs_already_is_refused()
    {
        using var closing = new CancellationTokenSource();
        var query = Post(Endless, "twice", closing.Token);
        await Eventually.Holds(async () => await Running("twice") == 1, "the query runs");

        Assert.Equal("216", (await engine.Post("SELECT 1", "query_id=twice")).ErrorCode);

        await closing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        await Eventually.Holds(async () => (await engine.Post("SELECT 1", "query_id=twice")).Status == 200, "the id is free again");
    }

    async Task<int> Running(string id)
    {
        var count = await engine.Ask($"SELECT count() FROM system.processes WHERE Settings['promql_table'] LIKE '{id}'");
        return int.Parse(count, System.Globalization.CultureInfo.InvariantCulture);
    }

    async Task<Answer> Post(string statement, string id, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/?query_id={id}") { Content = new StringContent(statement) };
        return await Answer.Of(await engine.Http.SendAsync(request, ct));
    }
}
