using System.Text.Json;

namespace Millrace.ClickHouse.Tests.Http;

[Collection(EngineCollection.Name)]
public sealed class QueryTests(EngineFixture engine)
{
    [Fact]
    public async Task A_query_in_the_url_is_answered_in_tab_separated_text()
    {
        var answer = await engine.Get("query=SELECT+1,'a'");

        Assert.Equal((200, "1\ta\n"), (answer.Status, answer.Text));
        Assert.Equal("TabSeparated", answer.Headers["X-ClickHouse-Format"]);
        Assert.Equal("text/tab-separated-values; charset=UTF-8", answer.Headers["Content-Type"]);
        Assert.Matches("^[a-z]{16}$", answer.Headers["X-ClickHouse-Exception-Tag"]);
        Assert.NotEmpty(answer.Headers["X-ClickHouse-Timezone"]);
        Assert.NotEmpty(answer.Headers["X-ClickHouse-Server-Display-Name"]);
    }

    [Fact]
    public async Task The_time_zone_of_the_answer_is_the_one_that_the_request_set()
    {
        var answer = await engine.Get("query=SELECT+timezone()&session_timezone=Asia/Tokyo");

        Assert.Equal(("Asia/Tokyo\n", "Asia/Tokyo"), (answer.Text, answer.Headers["X-ClickHouse-Timezone"]));
        Assert.NotEqual("Asia/Tokyo", (await engine.Get("query=SELECT+1")).Headers["X-ClickHouse-Timezone"]);
    }

    [Fact]
    public async Task The_summary_counts_what_the_query_read_as_strings()
    {
        var header = (await engine.Post("SELECT sum(number) FROM numbers(1000)")).Headers["X-ClickHouse-Summary"];
        var summary = JsonSerializer.Deserialize<Dictionary<string, string>>(header)!;

        Assert.Equal("1000", summary["read_rows"]);
        Assert.Equal("8000", summary["read_bytes"]);
        Assert.Equal("1", summary["result_rows"]);
        Assert.True(long.Parse(summary["elapsed_ns"], System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public async Task The_url_and_the_body_make_one_statement_with_a_line_break_between() =>
        Assert.Equal("5", (await engine.Send(HttpMethod.Post, "query=SELECT", new StringContent("5"))).Text.Trim());

    [Fact]
    public async Task The_query_id_comes_back_and_a_new_one_is_made_where_none_was_given()
    {
        Assert.Equal("mine", (await engine.Post("SELECT 1", "query_id=mine")).Headers["X-ClickHouse-Query-Id"]);
        Assert.True(Guid.TryParse((await engine.Post("SELECT 1")).Headers["X-ClickHouse-Query-Id"], out _));
    }

    [Fact]
    public async Task A_query_id_that_no_header_can_carry_comes_back_as_it_stood_in_the_url()
    {
        var answer = await engine.Post("SELECT 1", "query_id=%D1%8F%0A");

        Assert.Equal((200, "%D1%8F%0A"), (answer.Status, answer.Headers.GetValueOrDefault("X-ClickHouse-Query-Id")));
    }

    [Theory]
    [InlineData("SELECT 1 AS a FORMAT JSON", "application/json; charset=UTF-8")]
    [InlineData("SELECT 1 AS a FORMAT JSONEachRow", "application/x-ndjson; charset=UTF-8")]
    [InlineData("SELECT 1 AS a FORMAT CSV", "text/csv; charset=UTF-8; header=absent")]
    [InlineData("SELECT 1 AS a FORMAT CSVWithNames SETTINGS max_threads = 1", "text/csv; charset=UTF-8; header=present")]
    [InlineData("SELECT 1 AS a FORMAT RowBinary;", "application/octet-stream")]
    [InlineData("SELECT 1 AS a FORMAT Vertical -- a comment", "text/plain; charset=UTF-8")]
    public async Task The_format_of_the_statement_decides_the_content_type(string statement, string contentType) =>
        Assert.Equal(contentType, (await engine.Post(statement)).Headers["Content-Type"]);

    [Fact]
    public async Task The_default_format_holds_where_the_statement_names_none()
    {
        Assert.Equal("{\"a\":1}", await engine.Ask("SELECT 1 AS a", "default_format=JSONEachRow"));
        Assert.Equal("1", await engine.Ask("SELECT 1 AS a FORMAT TSV", "default_format=JSONEachRow"));
        Assert.Equal("{\"name\":\"system\"}", await engine.Ask("SHOW DATABASES LIKE 'system'", "default_format=JSONEachRow"));
    }

    [Theory]
    [InlineData("SELECT number % 2 AS a, count() FROM numbers(5) GROUP BY a WITH TOTALS ORDER BY a", "0\t3\n1\t2\n\n0\t5")]
    [InlineData("(SELECT 1) UNION ALL (SELECT 1)", "1\n1")]
    [InlineData("WITH 7 AS x SELECT x", "7")]
    [InlineData("SELECT 'FORMAT JSON' -- FORMAT CSV", "FORMAT JSON")]
    [InlineData("SELECT 'a;b';", "a;b")]
    [InlineData("SELECT format('{}-{}', 1, 2) AS format", "1-2")]
    [InlineData("SELECT format FROM (SELECT 7 AS format) GROUP BY format ORDER BY format LIMIT 1", "7")]
    [InlineData("/* first */ SELECT $tag$it's ; FORMAT CSV$tag$", "it\\'s ; FORMAT CSV")]
    [InlineData("SELECT 'Привет'", "Привет")]
    [InlineData("SELECT $$a;b$$", "a;b")]
    [InlineData("SELECT 1 AS a$b$c, 2 AS d$b$; // one; two", "1\t2")]
    [InlineData("EXISTS TABLE system.one", "1")]
    [InlineData("EXPLAIN SYNTAX SELECT 1", "SELECT 1\nFROM system.one")]
    public async Task Statements_of_every_shape_answer_as_in_clickhouse(string statement, string expected) =>
        Assert.Equal(expected, await engine.Ask(statement));

    [Theory]
    [InlineData("SELECT format FROM (SELECT arrayJoin([1, 2]) AS format) ORDER BY format DESC", "2\n1")]
    [InlineData("SELECT format FROM (SELECT arrayJoin([1, 2]) AS format) ORDER BY -format asc SETTINGS max_threads = 1", "2\n1")]
    [InlineData("SELECT format FROM (SELECT arrayJoin([1, 2]) AS format) ORDER BY CASE WHEN format = 1 THEN 3 ELSE format END", "2\n1")]
    [InlineData("SELECT 7 AS a ORDER BY CASE WHEN 1 THEN 2 ELSE a END FORMAT CSV", "7")]
    [InlineData("SELECT format FROM (SELECT 7 AS format) WHERE format", "7")]
    [InlineData("SELECT format FROM (SELECT 7 AS format) GROUP BY format WITH TOTALS", "7\n\n0")]
    [InlineData("SELECT format FROM (SELECT 7 AS format) GROUP BY format HAVING format", "7")]
    [InlineData("SELECT format FROM (SELECT 7 AS format) LIMIT 1 BY format", "7")]
    [InlineData("SELECT format x FROM (SELECT 7 AS format)", "7")]
    [InlineData("FROM (SELECT 7 AS format) SELECT format x", "7")]
    [InlineData("FROM (SELECT 7 AS format) SELECT DISTINCT 2 * format x", "14")]
    [InlineData("FROM (SELECT 7 AS format) SELECT format format CSV", "7")]
    [InlineData("SELECT t.format x FROM (SELECT 7 AS format) AS t", "7")]
    public async Task A_column_called_format_is_not_taken_for_the_clause(string statement, string expected)
    {
        var answer = await engine.Post(statement);

        Assert.Equal((200, $"{expected}\n"), (answer.Status, answer.Text));
        var format = statement.EndsWith(" CSV", StringComparison.OrdinalIgnoreCase) ? "CSV" : "TabSeparated";
        Assert.Equal(format, answer.Headers["X-ClickHouse-Format"]);
    }

    [Fact]
    public async Task A_json_result_over_many_blocks_is_one_document()
    {
        var answer = await engine.Post("SELECT number, toString(number) AS s FROM numbers(300000) FORMAT JSON");

        using var document = JsonDocument.Parse(answer.Body);
        Assert.Equal(300_000, document.RootElement.GetProperty("data").GetArrayLength());
        Assert.Equal(300_000, document.RootElement.GetProperty("rows").GetInt32());
    }

    [Fact]
    public async Task Parameters_fill_placeholders_and_are_no_settings()
    {
        Assert.Equal("3\tO\\'Brien; DROP", await engine.Ask("SELECT {a:UInt8} + 1, {s:String}", "param_a=2&param_s=O'Brien;%20DROP"));
        Assert.Equal("457", (await engine.Post("SELECT {a:UInt8}", "param_a=x")).ErrorCode);
    }

    [Fact]
    public async Task The_database_comes_from_the_url_or_a_header()
    {
        Assert.Equal("system", await engine.Ask("SELECT currentDatabase()", "database=system"));
        var statement = new StringContent("SELECT currentDatabase() FORMAT TSV");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = statement };
        request.Headers.Add("X-ClickHouse-Database", "system");
        request.Headers.Add("X-ClickHouse-Format", "JSON");
        Assert.Equal("system\n", (await Answer.Of(await engine.Http.SendAsync(request))).Text);
        Assert.Equal("81", (await engine.Post("SELECT 1", "database=nosuch")).ErrorCode);
    }

    [Fact]
    public async Task A_statement_may_be_as_long_as_max_query_size_says()
    {
        var statement = $"SELECT length('{new string('x', 300_000)}')";

        Assert.Equal("300000", await engine.Ask(statement, "max_query_size=1000000"));
        Assert.Contains("Max query size exceeded", (await engine.Post(statement)).Text, StringComparison.Ordinal);
        Assert.Contains("Max query size exceeded", (await engine.Post(statement, "max_query_size=many")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_in_the_url_hold_for_one_request_only()
    {
        Assert.Equal("3", await engine.Ask("SELECT getSetting('max_threads')", "max_threads=3"));
        Assert.NotEqual("3", await engine.Ask("SELECT getSetting('max_threads')"));
    }

    [Fact]
    public async Task Nothing_a_request_sets_is_seen_by_the_next()
    {
        Assert.Equal("", await engine.Ask("SET max_block_size = 17"));
        Assert.Equal("", await engine.Ask("USE system"));
        Assert.Equal("", await engine.Ask("CREATE TEMPORARY TABLE leftover (a Int8)"));

        Assert.Equal("0\tdefault", await engine.Ask("SELECT getSetting('max_block_size') = 17, currentDatabase()"));
        Assert.Equal("0", await engine.Ask("EXISTS TEMPORARY TABLE leftover"));
    }

    [Fact]
    public async Task A_get_reads_but_does_not_write()
    {
        var answer = await engine.Get("query=CREATE+TABLE+by_get+(a+Int8)+ENGINE=Memory");

        Assert.Equal((500, "164"), (answer.Status, answer.ErrorCode));
        Assert.Contains("READONLY", answer.Text, StringComparison.Ordinal);
        Assert.Equal("2", (await engine.Get("query=SELECT+getSetting('max_threads')&max_threads=2")).Text.Trim());
    }

    [Fact]
    public async Task A_get_can_not_give_itself_the_right_to_write()
    {
        Assert.Equal("164", (await engine.Get("query=CREATE+TABLE+by_get+(a+Int8)+ENGINE=Memory&readonly=0")).ErrorCode);
        Assert.Equal("0", await engine.Ask("EXISTS TABLE by_get"));
        Assert.Equal("1", (await engine.Get("query=SELECT+1&readonly=2")).Text.Trim());
    }

    /// <remarks>clickhouse-connect gives a summary with the query id for a command, and an empty text for an empty result.</remarks>
    [Theory]
    [InlineData("SELECT 1 WHERE 0", true)]
    [InlineData("SHOW TABLES LIKE 'no such'", true)]
    [InlineData("WITH 1 AS y SELECT y WHERE 0 FORMAT CSV", true)]
    [InlineData("DROP TABLE IF EXISTS no_such", false)]
    [InlineData("SET max_threads = 1", false)]
    [InlineData("INSERT INTO FUNCTION null('x Int8') VALUES (1)", false)]
    [InlineData("WITH 1 AS y INSERT INTO FUNCTION null('x Int8') SELECT y", false)]
    public async Task An_empty_result_has_a_format_and_no_result_has_none(string statement, bool hasFormat)
    {
        var answer = await engine.Post(statement);

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal((0, hasFormat), (answer.Body.Length, answer.Headers.ContainsKey("X-ClickHouse-Format")));
        if (!hasFormat) Assert.Equal("text/plain; charset=UTF-8", answer.Headers["Content-Type"]);
    }

    [Fact]
    public async Task A_head_request_has_the_headers_and_no_body()
    {
        var answer = await engine.Send(HttpMethod.Head, "query=SELECT+1", null);

        Assert.Equal((200, 0), (answer.Status, answer.Body.Length));
        Assert.Equal("TabSeparated", answer.Headers["X-ClickHouse-Format"]);
    }

    [Fact]
    public async Task Tables_of_the_system_database_tell_about_the_engine()
    {
        Assert.StartsWith("26.", await engine.Ask("SELECT version()"), StringComparison.Ordinal);
        Assert.Equal("0", await engine.Ask("SELECT count() FROM system.kafka_consumers"));
    }
}
