using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Http;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests.Http;

[Collection(EngineCollection.Name)]
public sealed class SessionTests(EngineFixture engine)
{
    readonly string _session = $"session_id={Guid.NewGuid():N}";

    [Fact]
    public async Task Settings_database_and_temporary_tables_last_from_request_to_request()
    {
        await Ask("SET max_threads = 3, format_csv_delimiter = ';'");
        await Ask("USE system");
        await Ask("CREATE TEMPORARY TABLE kept (n UInt64, s String)");
        await Ask("INSERT INTO kept FORMAT CSV\n1;one\n2;two\n");
        await Ask("INSERT INTO kept SELECT 3, 'three'");

        Assert.Equal("3\tsystem", await Ask("SELECT getSetting('max_threads'), currentDatabase()"));
        Assert.Equal("1\tone\n2\ttwo\n3\tthree", await Ask("SELECT * FROM kept ORDER BY n"));
        Assert.Equal("1;\"one\"", await Ask("SELECT * FROM kept ORDER BY n LIMIT 1 FORMAT CSV"));
        Assert.Equal("0", await engine.Ask("EXISTS TEMPORARY TABLE kept"));
        Assert.Equal("0", await engine.Ask("EXISTS TEMPORARY TABLE kept", $"{_session}-other"));
    }

    [Fact]
    public async Task Settings_of_the_url_hold_for_one_request_and_those_of_the_session_come_back()
    {
        await Ask("SET max_block_size = 17");
        foreach (var tables in (bool[])[false, true])
        {
            if (tables) await Ask("CREATE TEMPORARY TABLE t (n UInt8)");
            const string State = "SELECT getSetting('max_block_size'), getSetting('max_threads') = 7, currentDatabase()";
            Assert.Equal("5\t1\tsystem", await Ask(State, "max_block_size=5&max_threads=7&database=system"));
            Assert.Equal("17\t0\tdefault", await Ask(State));
        }
        Assert.Equal("17", await Ask("SELECT value FROM system.settings WHERE name = 'max_block_size' AND changed"));
        await Ask("SET max_block_size = DEFAULT");
        Assert.Equal("0", await Ask("SELECT count() FROM system.settings WHERE name = 'max_block_size' AND changed"));
    }

    [Fact]
    public async Task A_session_inserts_into_tables_whose_view_asks_a_scalar_subquery()
    {
        var name = $"t_{Guid.NewGuid():N}";
        await engine.Ask($"CREATE TABLE {name} (n UInt64) ENGINE = Null");
        await engine.Ask($"CREATE TABLE {name}_to (n UInt64) ENGINE = MergeTree ORDER BY n");
        await engine.Ask($"""
            CREATE MATERIALIZED VIEW {name}_mv TO {name}_to AS
            WITH (SELECT max(n) FROM {name}_to) AS m
            SELECT n FROM {name} WHERE n + 100 > m
            """);
        await Ask("SET format_csv_delimiter = ';'");
        await Ask($"INSERT INTO {name} FORMAT CSV\n1\n");
        await Ask("CREATE TEMPORARY TABLE other (n UInt64)");
        await Ask($"INSERT INTO {name} FORMAT CSV\n2\n");
        await Ask($"INSERT INTO {name} VALUES (3)", "max_threads=1&database=default");
        await Ask("INSERT INTO other VALUES (4)");
        await Ask($"INSERT INTO {name} SELECT n FROM other");

        Assert.Equal("1,2,3,4", await Ask($"SELECT arrayStringConcat(arraySort(groupArray(n)), ',') FROM {name}_to"));
    }

    [Fact]
    public async Task A_get_only_reads_in_a_session_and_leaves_it_its_rights()
    {
        await Ask("SET max_block_size = 17");
        await Ask("CREATE TEMPORARY TABLE mine (n UInt64)");
        foreach (var (statement, parameters) in ((string, string)[])
            [
                ("INSERT INTO mine VALUES (1)", ""), ("INSERT INTO mine SELECT 1", ""),
                ("TRUNCATE TABLE mine", ""), ("DROP TABLE mine", ""),
                ("CREATE TABLE made (n UInt8) ENGINE = Memory", "readonly=0"), ("CREATE TEMPORARY TABLE second (n UInt8)", ""),
                ("SELECT 1 PARALLEL WITH CREATE TABLE made (n UInt8) ENGINE = Memory", ""), ("KILL QUERY WHERE 0", ""),
                ("INSERT INTO FUNCTION null('n UInt8') SELECT 1", ""), ("WITH 1 AS x INSERT INTO mine SELECT x", ""),
            ])
        {
            var answer = await engine.Get($"{_session}&{parameters}&query={Uri.EscapeDataString(statement)}");
            Assert.True(answer.ErrorCode is "164" or "497", $"{statement}: {answer.Status} {answer.Text}");
        }
        var kept = await engine.Get($"{_session}&query=SELECT+(SELECT+count()+FROM+mine),getSetting('max_block_size')");
        Assert.Equal("0\t17\n", kept.Text);
        await Ask("INSERT INTO mine VALUES (1)");
        Assert.Equal("1", await Ask("SELECT count() FROM mine"));
        Assert.Equal("0", await engine.Ask("EXISTS TABLE made"));
    }

    [Fact]
    public async Task A_session_that_was_made_read_only_stays_so()
    {
        await Ask("SET readonly = 1");

        Assert.Equal("164", (await engine.Post("CREATE TABLE ro (n UInt8) ENGINE = Memory", _session)).ErrorCode);
        Assert.Equal("164", (await engine.Post("SET readonly = 0", _session)).ErrorCode);
        var insert = await engine.Post("INSERT INTO FUNCTION null('n UInt8') VALUES (1)", $"{_session}&readonly=0");
        Assert.Equal("164", insert.ErrorCode);
        Assert.Equal("1", await Ask("SELECT 1"));
    }

    [Fact]
    public async Task An_error_leaves_nothing_to_the_next_answer()
    {
        await Ask("CREATE TEMPORARY TABLE t (n UInt64)");
        await engine.Post("SELECT throwIf(number = 100000) FROM numbers(200000)", $"{_session}&max_block_size=1000");
        await engine.Post("INSERT INTO t FORMAT CSV\nx\n", _session);
        await engine.Post("SHOW TABLES FROM nosuch", _session);

        Assert.Equal("", await Ask("SET max_threads = 2"));
        Assert.Equal("t", await Ask("SELECT name FROM system.tables WHERE is_temporary AND name = 't'"));
        Assert.Equal("7", await Ask("SELECT 7"));
    }

    [Fact]
    public async Task One_request_at_a_time_and_session_check_as_clickhouse_answers()
    {
        Assert.Equal("372", (await engine.Post("SELECT 1", $"{_session}&session_check=1")).ErrorCode);
        using var closing = new CancellationTokenSource();
        var endless = new StringContent("SELECT count() FROM system.numbers WHERE NOT ignore(number)");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/?{_session}&query_id={_session}") { Content = endless };
        var slow = engine.Http.SendAsync(request, closing.Token);
        await Eventually.Holds(
            async () => await engine.Ask(
                $"SELECT count() FROM system.processes WHERE Settings['promql_table'] = '{_session}'") == "1",
            "the query runs");
        Assert.Equal("373", (await engine.Post("SELECT 1", _session)).ErrorCode);

        await closing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        await Eventually.Holds(
            async () => (await engine.Post("SELECT 1", $"{_session}&session_check=1")).Status == 200, "the session is free again");
        Assert.Equal("1", await Ask("SELECT 1", "close_session=1"));
        Assert.Equal("372", (await engine.Post("SELECT 1", $"{_session}&session_check=1")).ErrorCode);
    }

    [Theory]
    [InlineData("session_id=", "744")]
    [InlineData("session_id=a&session_timeout=x", "374")]
    [InlineData("session_id=a&session_timeout=-1", "374")]
    [InlineData("session_id=a&session_timeout=3601", "374")]
    [InlineData("session_id=a&session_timeout=3600", null)]
    public async Task Wrong_sessions_are_refused_in_clickhouses_words(string parameters, string? code) =>
        Assert.Equal(code, (await engine.Post("SELECT 1", parameters)).ErrorCode);

    [Fact]
    public void A_session_ends_after_its_timeout_unless_somebody_asks_for_it()
    {
        var clock = new FakeClock();
        using var sessions = new Sessions(clock);
        sessions.Enter(Request("a", "30"))!.Dispose();
        clock.Advance(TimeSpan.FromSeconds(29));
        sessions.Enter(Request("a", "30", check: true))!.Dispose();
        clock.Advance(TimeSpan.FromSeconds(29));
        using (sessions.Enter(Request("a", "30", check: true))) clock.Advance(TimeSpan.FromHours(2));
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(372, Assert.Throws<EngineException>(() => sessions.Enter(Request("a", "30", check: true))).Code);
    }

    [Fact]
    public void Sessions_that_keep_nothing_make_room_and_the_others_are_bounded()
    {
        using var sessions = new Sessions(new FakeClock());
        for (var i = 0; i < 2 * Sessions.Limit; i++) sessions.Enter(Request($"blank-{i}", null))!.Dispose();
        var held = Enumerable.Range(0, Sessions.Limit).Select(i => sessions.Enter(Request($"held-{i}", null))!).ToList();
        Assert.Equal(700, Assert.Throws<EngineException>(() => sessions.Enter(Request("more", null))).Code);
        held.ForEach(lease => lease.Dispose());
    }

    static QueryRequest Request(string id, string? timeout, bool check = false) => new()
    {
        UrlQuery = "",
        QueryId = "",
        DefaultFormat = "",
        Settings = [],
        Parameters = [],
        ReadOnly = false,
        WaitsForEnd = false,
        Compress = false,
        Decompress = false,
        HttpCompression = false,
        SessionId = id,
        SessionTimeout = timeout,
        SessionMustExist = check,
    };

    Task<string> Ask(string statement, string parameters = "") => engine.Ask(statement, $"{_session}&{parameters}");
}
