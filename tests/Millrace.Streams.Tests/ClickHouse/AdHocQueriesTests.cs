using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Tests.ClickHouse;

/// <summary>What stands between whoever can open the page and the stand's ClickHouse, against the engine itself.</summary>
[Collection(ServersCollection.Name)]
public sealed class AdHocQueriesTests(ServersFixture servers) : ServersTest(servers)
{
    [Theory]
    [InlineData("INSERT INTO kept VALUES (2)")]
    [InlineData("INSERT INTO FUNCTION file('out.csv') SELECT 1")]
    [InlineData("DROP TABLE kept")]
    [InlineData("TRUNCATE TABLE kept")]
    [InlineData("ALTER TABLE kept DELETE WHERE 1")]
    [InlineData("CREATE TABLE other (n UInt8) ENGINE = Memory")]
    [InlineData("CREATE TEMPORARY TABLE other (n UInt8)")]
    [InlineData("CREATE USER intruder")]
    [InlineData("SYSTEM FLUSH LOGS")]
    [InlineData("KILL QUERY WHERE 1 SYNC")]
    [InlineData("/* a */ -- b\n kill query where 1")]
    [InlineData("SET max_execution_time = 300")]
    [InlineData("SET readonly = 0")]
    public async Task What_is_more_than_reading_is_refused(string statement)
    {
        var endpoints = await WithTableAsync();
        await RefusedAsync(endpoints, statement);
        Assert.Equal("1\n", await AskAsync(endpoints, "SELECT * FROM kept", "CSV"));
    }

    [Theory]
    [InlineData("readonly = 0")]
    [InlineData("readonly = 2")]
    [InlineData("max_execution_time = 300")]
    [InlineData("max_memory_usage = 100000000000")]
    [InlineData("max_result_rows = 0")]
    [InlineData("limit = 0")]
    [InlineData("stream_like_engine_allow_direct_select = 1")]
    public async Task A_statement_cannot_raise_its_limits(string setting)
    {
        var endpoints = await Servers.NewDatabaseAsync();
        Assert.Contains("READONLY", (await RefusedAsync(endpoints, $"SELECT 1 SETTINGS {setting}")).Message, StringComparison.Ordinal);
    }

    /// <summary>In a subquery ClickHouse itself applies settings without a word.</summary>
    [Fact]
    public async Task A_subquery_cannot_take_records_out_of_a_queue_table()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        using var client = new ClickHouseClient(endpoints);
        await client.ExecuteAsync(
            "CREATE TABLE queue (message String) ENGINE = Kafka SETTINGS kafka_broker_list = '127.0.0.1:1', kafka_topic_list = 't', "
            + "kafka_group_name = 'g', kafka_format = 'RawBLOB'");
        await RefusedAsync(endpoints, "SELECT * FROM queue");
        foreach (var settings in (string[])["SETTINGS ", "settings/* a */\n", "Settings -- b\n"])
            await RefusedAsync(endpoints, $"SELECT * FROM (SELECT * FROM queue {settings}stream_like_engine_allow_direct_select = 1)");
    }

    [Fact]
    public async Task A_table_that_is_called_settings_can_be_read()
    {
        const string statement = "SELECT name FROM system.settings WHERE name = 'readonly'";
        Assert.Equal("\"readonly\"\n", await AskAsync(await Servers.NewDatabaseAsync(), statement, "CSV"));
    }

    [Theory]
    [InlineData("SELECT * FROM file('/etc/passwd', 'LineAsString')")]
    [InlineData("SELECT * FROM file('/etc/passwd', 'LineAsString', 'line String')")]
    [InlineData("DESCRIBE file('/etc/passwd', 'LineAsString')")]
    [InlineData("SELECT file('/etc/passwd')")]
    [InlineData("SELECT * FROM '/etc/passwd'")]
    [InlineData("SELECT * FROM executable('x.sh', 'CSV', 'n UInt8')")]
    [InlineData("SELECT 1 INTO OUTFILE 'out.csv'")]
    public async Task No_file_is_read_or_written(string statement) =>
        await RefusedAsync(await Servers.NewDatabaseAsync(), statement);

    [Theory]
    [InlineData("SELECT * FROM url('http://{0}/', 'LineAsString')")]
    [InlineData("SELECT * FROM url('http://{0}/', 'LineAsString', 'line String')")]
    [InlineData("DESCRIBE url('http://{0}/', 'CSV')")]
    [InlineData("SELECT * FROM remote('{0}', 'system', 'one')")]
    [InlineData("SELECT * FROM s3('http://{0}/bucket/key', 'CSV')")]
    public async Task No_other_server_is_asked(string statement)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await RefusedAsync(await Servers.NewDatabaseAsync(), string.Format(null, statement, other.LocalEndpoint));
        Assert.False(other.Pending());
    }

    [Fact]
    public async Task A_table_is_cut_at_its_most_rows_and_a_download_is_not()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        const string statement = "SELECT number FROM numbers(50000)";
        using var table = JsonDocument.Parse(await AskAsync(endpoints, statement, AdHocQueries.TableFormat));
        Assert.Equal(AdHocQueries.MostRows, table.RootElement.GetProperty("data").GetArrayLength());
        Assert.Equal(AdHocQueries.MostRows, table.RootElement.GetProperty("rows").GetInt32());
        Assert.Equal(50_000, (await AskAsync(endpoints, statement, "CSV")).Count(letter => letter == '\n'));
    }

    [Fact]
    public async Task A_download_cannot_raise_its_limits_either()
    {
        var endpoints = await WithTableAsync();
        await RefusedAsync(endpoints, "INSERT INTO kept VALUES (2)", "CSV");
        await RefusedAsync(endpoints, "SELECT 1 SETTINGS max_execution_time = 300", "CSV");
    }

    [Fact]
    public async Task A_table_has_what_a_browser_reads_as_it_is()
    {
        const string statement = "SELECT 18446744073709551615, toDecimal64(0.1, 3), nan, toDateTime('2026-01-02 03:04:05', 'Asia/Tokyo')";
        using var table = JsonDocument.Parse(await AskAsync(await Servers.NewDatabaseAsync(), statement, AdHocQueries.TableFormat));
        var row = table.RootElement.GetProperty("data")[0].EnumerateArray().Select(value => value.GetString());
        Assert.Equal(["18446744073709551615", "0.1", "nan", "2026-01-01T18:04:05Z"], row);
    }

    async Task<StandEndpoints> WithTableAsync()
    {
        var endpoints = await Servers.NewDatabaseAsync();
        using var client = new ClickHouseClient(endpoints);
        await client.ExecuteAsync("CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n");
        await client.ExecuteAsync("INSERT INTO kept VALUES (1)");
        return endpoints;
    }

    static Task<ClickHouseTroubleException> RefusedAsync(StandEndpoints endpoints, string sql, string format = AdHocQueries.TableFormat) =>
        Assert.ThrowsAnyAsync<ClickHouseTroubleException>(() => AskAsync(endpoints, sql, format));

    static async Task<string> AskAsync(StandEndpoints endpoints, string sql, string format)
    {
        using var queries = new AdHocQueries(endpoints);
        using var answer = await queries.AskAsync(sql, format, $"{Guid.NewGuid()}", CancellationToken.None);
        using var text = new MemoryStream();
        await answer.CopyToAsync(text, CancellationToken.None);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
