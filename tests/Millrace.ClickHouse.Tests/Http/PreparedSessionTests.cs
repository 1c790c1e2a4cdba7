using System.Globalization;
using System.Text;
using Millrace.ClickHouse.Compression;

namespace Millrace.ClickHouse.Tests.Http;

/// <summary>
/// Every way to prepare a session, against every way a statement runs, on a table whose view asks a scalar subquery for each insert.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class PreparedSessionTests(EngineFixture engine)
{
    static readonly string[] Preparations =
    [
        "", "max_threads=1", "max_threads=1&session_timezone=Asia/Tokyo&format_csv_delimiter=,", "database=default", "database={db}",
        "database={db}&max_threads=1", "compress=1&max_threads=1", "wait_end_of_query=1&database={db}", "param_n=7&max_threads=1",
        "query_id=prepared-{db}&max_threads=1", "enable_http_compression=1&database={db}&async_insert=0",
    ];

    /// <summary>What stands in the URL and what in the body. Each stores 1 and 2.</summary>
    static readonly (string Url, string Body)[] Inserts =
    [
        ("INSERT INTO {t} FORMAT CSV", "1\n2\n"),
        ("INSERT INTO {t} FORMAT JSONEachRow", "{\"n\":1}\n{\"n\":2}"),
        ("INSERT INTO {t} (n) VALUES", "(1),(2)"),
        ("", "INSERT INTO {t} VALUES (1), (2)"),
        ("", "INSERT INTO {t} SETTINGS max_block_size = 1000, max_insert_threads = 1 FORMAT CSV\n1\n2\n"),
        ("", "/* a comment */ insert into table {t}(n) format TSV\n1\n2\n"),
        ("INSERT INTO {t} SELECT number + 1 FROM numbers(2)", ""),
        ("", "INSERT INTO {t} SELECT number + 1 FROM numbers(2)"),
    ];

    public static TheoryData<string> Prepared => [.. Preparations];

    [Theory]
    [MemberData(nameof(Prepared))]
    public async Task A_view_with_a_scalar_subquery_takes_rows_however_the_session_was_prepared(string preparation)
    {
        var database = await NewDatabase();
        var url = preparation.Replace("{db}", database, StringComparison.Ordinal);
        var table = preparation.Contains("database={db}", StringComparison.Ordinal) ? "source" : $"{database}.source";
        // Every other one is packed, beginning with another for every other preparation.
        var packed = url.Length % 2 == 0;
        foreach (var ((query, body), nth) in Inserts.Select((insert, index) => (insert, index + 1)))
        {
            var answer = await Insert(Into(table, query), Into(table, body), url, packed ^= true);

            Assert.True(answer.Status == 200, $"{url} {query} {body}: {answer.Text}");
            Assert.Equal($"{3 * nth}", await engine.Ask($"SELECT sum(n) FROM {database}.target"));
        }
    }

    [Theory]
    [MemberData(nameof(Prepared))]
    public async Task Reading_and_defining_work_however_the_session_was_prepared(string preparation)
    {
        var database = await NewDatabase();
        var url = preparation.Replace("{db}", database, StringComparison.Ordinal).Replace("compress=1&", "", StringComparison.Ordinal);
        await engine.Ask($"INSERT INTO {database}.source VALUES (7)");
        const string Read = "WITH (SELECT max(n) FROM {0}.target) AS m SELECT n FROM {0}.target WHERE n = m";
        var statement = In(database, Read);

        Assert.Equal("7\n", (await engine.Get($"{url}&query={Uri.EscapeDataString(statement)}")).Text);
        Assert.Equal("7", await engine.Ask(statement, url));
        Assert.Equal("7", await engine.Ask("", $"{url}&query={Uri.EscapeDataString(statement)}"));
        var quoted = await engine.Ask($"{statement} FORMAT JSONEachRow", $"{url}&output_format_json_quote_64bit_integers=1");
        Assert.Equal("""{"n":"7"}""", quoted);
        await engine.Ask($"CREATE TABLE {database}.made ENGINE = MergeTree ORDER BY n AS {statement}", url);
        Assert.Equal("7", await engine.Ask($"SELECT n FROM {database}.made"));
    }

    [Theory]
    [InlineData("nosuch_setting=1", "INSERT INTO {0}.source VALUES (1)", "115")]
    [InlineData("database=nosuch", "INSERT INTO {0}.source VALUES (1)", "81")]
    [InlineData("database=nosuch", "INSERT INTO source VALUES (1)", "81")]
    [InlineData("database={0}", "INSERT INTO nosuch VALUES (1)", "60")]
    [InlineData("dialect=kusto", "INSERT INTO {0}.source VALUES (1)", "452")]
    [InlineData("max_threads=2", "INSERT INTO {0}.source SETTINGS dialect = 'kusto' VALUES (1)", "452")]
    public async Task What_can_not_be_prepared_inserts_nothing(string preparation, string statement, string code)
    {
        var database = await NewDatabase();

        var answer = await engine.Post(In(database, statement), In(database, preparation));

        Assert.Equal(code, answer.ErrorCode);
        Assert.Equal("0", await engine.Ask($"SELECT count() FROM {database}.target"));
    }

    [Theory]
    [InlineData("INSERT INTO kept FORMAT CSV", "x;y\n", "x\ty")]
    [InlineData("INSERT INTO kept SETTINGS format_csv_delimiter = ',' FORMAT CSV", "x;y,z\n", "x;y\tz")]
    [InlineData("INSERT INTO `kept` (b, a) SETTINGS input_format_csv_trim_whitespaces = 0 FORMAT CSV", "x;y\n", "y\tx")]
    [InlineData("INSERT INTO {t:Identifier} FORMAT CSV", "x;y\n", "x\ty")]
    [InlineData("INSERT INTO {d:Identifier}.{t:Identifier} FORMAT CSV", "x;y\n", "x\ty")]
    [InlineData("INSERT INTO FUNCTION null('a String, b String') FORMAT CSV", "x;y\n", "")]
    public async Task The_settings_of_the_url_hold_for_an_insert_and_its_own_hold_before_them(string statement, string rows, string stored)
    {
        var database = await NewDatabase();

        var url = $"database={database}&format_csv_delimiter=;&param_t=kept&param_d={database}&query={Uri.EscapeDataString(statement)}";
        await engine.Ask(rows, url);

        Assert.Equal(stored, await engine.Ask($"SELECT a, b FROM {database}.kept"));
    }

    static string Into(string table, string text) => text.Replace("{t}", table, StringComparison.Ordinal);

    static string In(string database, string text) => string.Format(CultureInfo.InvariantCulture, text, database);

    async Task<Answer> Insert(string query, string body, string url, bool packed)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        if (packed && bytes.Length > 0)
        {
            var blocks = new MemoryStream();
            await using (var stream = new CompressingStream(blocks)) await stream.WriteAsync(bytes);
            (bytes, url) = (blocks.ToArray(), $"{url}&decompress=1");
        }
        var parameters = query.Length == 0 ? url : $"{url}&query={Uri.EscapeDataString(query)}";
        return await engine.Send(HttpMethod.Post, parameters, new ByteArrayContent(bytes));
    }

    async Task<string> NewDatabase()
    {
        var database = $"d_{Guid.NewGuid():N}";
        await engine.Ask($"CREATE DATABASE {database}");
        await engine.Ask($"CREATE TABLE {database}.source (n UInt64) ENGINE = Null");
        await engine.Ask($"CREATE TABLE {database}.target (n UInt64) ENGINE = MergeTree ORDER BY n");
        await engine.Ask($"CREATE TABLE {database}.kept (a String, b String) ENGINE = MergeTree ORDER BY a");
        await engine.Ask(In(database, """
            CREATE MATERIALIZED VIEW {0}.view TO {0}.target AS
            WITH (SELECT max(n) FROM {0}.target) AS m SELECT n FROM {0}.source WHERE n + 100 > m
            """));
        return database;
    }
}
