namespace Millrace.ClickHouse.Tests.Http;

/// <summary>What each HTTP method may do.</summary>
[Collection(EngineCollection.Name)]
public sealed class MethodTests(EngineFixture engine)
{
    [Theory]
    [InlineData("INSERT INTO FUNCTION file('/tmp/millrace-by-get', 'RawBLOB') SELECT 'x'")]
    [InlineData("INSERT INTO FUNCTION file('/tmp/millrace-by-get', 'RawBLOB') SELECT 'x' SETTINGS readonly = 0")]
    [InlineData("SELECT 1 INTO OUTFILE '/tmp/millrace-by-get'")]
    [InlineData("INSERT INTO FUNCTION url('http://127.0.0.1:1/', 'RawBLOB') SELECT 'x'")]
    [InlineData("SELECT * FROM url('http://127.0.0.1:1/', 'RawBLOB')")]
    [InlineData("SELECT * FROM remote('127.0.0.1:1', system.one)")]
    [InlineData("SELECT * FROM s3('http://127.0.0.1:1/bucket/b', 'CSV', 'a String')")]
    [InlineData("CREATE TEMPORARY TABLE by_get (s String) ENGINE = File('CSV', '/tmp/millrace-by-get')")]
    [InlineData("CREATE DATABASE by_get")]
    [InlineData("DROP TABLE system.one")]
    [InlineData("SYSTEM SHUTDOWN")]
    [InlineData("KILL QUERY WHERE 1")]
    [InlineData("KILL\u00a0QUERY WHERE 1")]
    public async Task A_get_writes_nothing_and_reaches_nobody(string statement)
    {
        foreach (var settings in new[] { "", "&readonly=0", "&readonly=1", "&allow_ddl=1" })
        {
            var answer = await engine.Get($"query={Uri.EscapeDataString(statement)}{settings}");
            Assert.True(answer.Status is 403 or 500, answer.Text);
            Assert.Contains(answer.ErrorCode, new[] { "164", "497", "358" });
        }
        Assert.False(File.Exists("/tmp/millrace-by-get"));
        Assert.Equal("0", await engine.Ask("EXISTS DATABASE by_get"));
    }

    [Fact]
    public async Task A_get_brings_no_dropped_table_back()
    {
        await engine.Ask("CREATE DATABASE dropped ENGINE = Atomic");
        await engine.Ask("CREATE TABLE dropped.t (a Int8) ENGINE = MergeTree ORDER BY a");
        await engine.Ask("DROP TABLE dropped.t");

        var answer = await engine.Get("query=UNDROP+TABLE+dropped.t");

        Assert.Contains("You should use method POST", answer.Text, StringComparison.Ordinal);
        Assert.Equal("0", await engine.Ask("EXISTS TABLE dropped.t"));
    }

    [Fact]
    public async Task A_get_that_would_write_is_told_to_post()
    {
        var answer = await engine.Get("query=INSERT+INTO+system.one+SELECT+1");

        Assert.Contains("You should use method POST", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT 1", "&stream_like_engine_allow_direct_select=1")]
    [InlineData("SELECT 1 SETTINGS stream_like_engine_allow_direct_select = 1", "")]
    [InlineData("SELECT 1 SETTINGS `stream\\x5flike_engine_allow_direct_select` = 1", "")]
    [InlineData("SELECT * FROM (SELECT 1 SETTINGS max_threads = 1, stream_like_engine_allow_direct_select = 1)", "")]
    public async Task A_get_takes_no_records_from_a_queue_table(string statement, string settings)
    {
        var answer = await engine.Get($"query={Uri.EscapeDataString(statement)}{settings}");

        Assert.Equal("164", answer.ErrorCode);
        Assert.Equal("1", await engine.Ask(statement, settings));
    }

    [Fact]
    public async Task A_get_does_so_in_no_session_either()
    {
        const string Ask = "session_id=direct&query=SELECT+getSetting('stream_like_engine_allow_direct_select')";
        await engine.Ask("SET stream_like_engine_allow_direct_select = 1", "session_id=direct");
        foreach (var tables in (bool[])[false, true])
        {
            if (tables) await engine.Ask("CREATE TEMPORARY TABLE t (n UInt8)", "session_id=direct");
            Assert.Equal("false", (await engine.Get(Ask)).Text.Trim());
            Assert.Equal("true", await engine.Ask("", Ask));
        }
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    public async Task Any_other_method_is_refused_with_those_that_are_served(string method)
    {
        var answer = await engine.Send(new HttpMethod(method), "query=CREATE+TABLE+by_method+(a+Int8)+ENGINE=Memory", null);

        Assert.Equal((405, "GET,HEAD,POST"), (answer.Status, answer.Headers["Allow"].Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal("0", await engine.Ask("EXISTS TABLE by_method"));
    }
}
