using System.Net;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests.Http;

/// <summary>
/// Ways out of an engine that the kernel does not hold back: by access rights and by what the engine's own parser finds in a statement.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class ClosedDoorTests(EngineFixture engine)
{
    const string Denied = "497", NoOutfile = "358", NoInfile = "78";

    const string DictionaryFrom = "CREATE DICTIONARY closed (k UInt64, v String) PRIMARY KEY k SOURCE(";
    const string Flat = ") LAYOUT(FLAT()) LIFETIME(0)";
    const string TableWith = "CREATE TABLE closed (a Int8) ENGINE = MergeTree ORDER BY a SETTINGS ";

    [Theory]
    [InlineData("SELECT * FROM file('/etc/passwd', 'RawBLOB')")]
    [InlineData("SELECT file('/etc/passwd')")]
    [InlineData("SELECT \"fi\\x6ce\"('/etc/passwd')")]
    [InlineData("SELECT `fi\\x6ce` /* name ( */ -- (\n ('/etc/passwd')")]
    [InlineData("SELECT (SELECT (SELECT file('/etc/passwd')))")]
    [InlineData("WITH f AS (SELECT * FROM file('/etc/passwd', 'RawBLOB')) SELECT * FROM f")]
    [InlineData("SELECT * FROM view(SELECT * FROM file('/etc/passwd', 'RawBLOB'))")]
    [InlineData("SELECT * FROM loop(file('/etc/passwd', 'RawBLOB')) LIMIT 1")]
    [InlineData("SELECT * FROM filesystem('/etc')")]
    [InlineData("SELECT * FROM icebergLocal('/etc')")]
    [InlineData("SELECT * FROM deltaLakeLocal('/etc')")]
    [InlineData("SELECT * FROM sqlite('/tmp/closed', 't')")]
    [InlineData("DESCRIBE file('/etc/passwd', 'CSV')")]
    [InlineData("SELECT * FROM eval(concat('SELECT fi', 'le(''/etc/passwd'')')) SETTINGS allow_experimental_eval_table_function = 1")]
    [InlineData("CREATE TABLE closed (s String) ENGINE = File('CSV', '/etc/passwd')")]
    [InlineData("CREATE TABLE closed (s String DEFAULT file('/etc/passwd')) ENGINE = Memory")]
    [InlineData("CREATE TABLE closed AS file('/etc/passwd', 'CSV', 's String')")]
    [InlineData("CREATE VIEW closed AS SELECT * FROM file('/etc/passwd', 'RawBLOB')")]
    [InlineData("CREATE VIEW closed AS SELECT file({path:String})")]
    [InlineData("CREATE FUNCTION closed AS p -> file(p)")]
    [InlineData("CREATE DATABASE closed ENGINE = Filesystem('/etc')")]
    [InlineData("CREATE TABLE closed (k UInt64, v String) ENGINE = EmbeddedRocksDB(0, '/tmp/closed') PRIMARY KEY k")]
    [InlineData(DictionaryFrom + "FILE(path '/etc/passwd' format 'TSV')" + Flat)]
    [InlineData(DictionaryFrom + "EXECUTABLE(command 'id' format 'TSV')" + Flat)]
    [InlineData(DictionaryFrom + "HTTP(url 'http://127.0.0.1:1/' format 'TSV')" + Flat)]
    [InlineData(DictionaryFrom + "CLICKHOUSE(TABLE 't' HOST '127.0.0.1' PORT 1)" + Flat)]
    [InlineData(DictionaryFrom + "CLICKHOUSE(QUERY 'SELECT 1, file(''/etc/passwd'')')" + Flat)]
    [InlineData(DictionaryFrom + "MONGODB(host '127.0.0.1' port 1 db 'a' collection 'b')" + Flat)]
    [InlineData("SELECT * FROM executable('id', 'TSV', 's String')")]
    [InlineData("CREATE TABLE closed (s String) ENGINE = Executable('id', 'TSV')")]
    [InlineData("SELECT * FROM url('http://127.0.0.1:1/', 'RawBLOB')")]
    [InlineData("INSERT INTO FUNCTION url('http://127.0.0.1:1/', 'CSV', 's String') SELECT 'x'")]
    [InlineData("INSERT INTO FUNCTION file('/tmp/closed', 'CSV', 's String') VALUES ('x')")]
    [InlineData("SELECT * FROM s3('http://127.0.0.1:1/bucket/b', 'CSV')")]
    [InlineData("SELECT * FROM remote('127.0.0.1:1', system.one)")]
    [InlineData("SELECT * FROM remoteSecure('127.0.0.1:1', system.one)")]
    [InlineData("SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')")]
    [InlineData("SELECT * FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')")]
    [InlineData("SELECT * FROM mongodb('127.0.0.1:1', 'a', 'b', 'c', 'd', 'x String')")]
    [InlineData("SELECT * FROM redis('127.0.0.1:1', 'k', 'k String, v String')")]
    [InlineData("SELECT * FROM hdfs('hdfs://127.0.0.1:1/a', 'CSV', 's String')")]
    [InlineData("SELECT * FROM azureBlobStorage('http://127.0.0.1:1/', 'a', 'b', 'c', 'd')")]
    [InlineData("SELECT * FROM gcs('http://127.0.0.1:1/bucket/b', 'CSV')")]
    [InlineData("SELECT * FROM odbc('DSN=x', 'a', 'b')")]
    [InlineData("SELECT * FROM jdbc('x', 'a', 'b')")]
    [InlineData("SELECT * FROM ytsaurus('http://127.0.0.1:1', 'x', 'y', 'a String')")]
    [InlineData("SELECT * FROM arrowstream('4096')")]
    [InlineData("SELECT * FROM \"arrow\\x73tream\"('4096')")]
    [InlineData("CREATE TABLE closed (s String) ENGINE = URL('http://127.0.0.1:1/', 'CSV')")]
    [InlineData("CREATE TABLE closed (s String) ENGINE = S3('http://127.0.0.1:1/bucket/b', 'CSV')")]
    [InlineData("CREATE TABLE closed (s String) ENGINE = MySQL('127.0.0.1:1', 'a', 'b', 'c', 'd')")]
    [InlineData("CREATE TABLE closed (s String) ENGINE = Distributed('c', system, one)")]
    [InlineData(TableWith + "disk = disk(type = 'web', endpoint = 'http://127.0.0.1:1/')")]
    [InlineData(TableWith + "\"dis\\x6b\" = `dis\\x6b`(type = 'web', endpoint = 'http://127.0.0.1:1/')")]
    [InlineData("CREATE DATABASE closed ENGINE = MySQL('127.0.0.1:1', 'a', 'b', 'c')")]
    [InlineData("CREATE DATABASE closed ENGINE = DataLakeCatalog('http://127.0.0.1:1/') SETTINGS catalog_type = 'rest', warehouse = 'x'")]
    [InlineData("CREATE DATABASE closed ENGINE = Backup('a', File('/tmp/closed'))")]
    [InlineData("BACKUP TABLE system.one TO File('/tmp/closed')")]
    [InlineData("RESTORE TABLE a.b FROM File('/tmp/closed')")]
    [InlineData("CREATE NAMED COLLECTION closed AS url = 'http://127.0.0.1:1/'")]
    [InlineData("SELECT 1 INTO\u00a0OUTFILE '/tmp/closed'", NoOutfile)]
    [InlineData("EXPLAIN SELECT 1 INTO\u2003OUTFILE '/tmp/closed'", NoOutfile)]
    [InlineData("INSERT INTO FUNCTION null('s String') FROM\u00a0INFILE '/etc/passwd' FORMAT LineAsString", NoInfile)]
    public async Task What_leads_out_of_the_engine_is_refused(string statement, string code = Denied)
    {
        var answer = await engine.Post(statement, "param_path=/etc/passwd");

        Assert.True(answer.ErrorCode == code, answer.Text);
        Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
        Assert.False(Path.Exists("/tmp/closed"));
    }

    [Theory]
    [InlineData("SELECT * FROM url('http://127.0.0.1:1/', 'RawBLOB')", "url")]
    [InlineData("SELECT * FROM file('/etc/passwd', 'RawBLOB')", "Landlock")]
    [InlineData("SELECT * FROM executable('id', 'TSV', 's String')", "executable is closed")]
    public async Task A_refusal_says_what_to_do_next(string statement, string words)
    {
        var answer = await engine.Post(statement);

        Assert.Equal(403, answer.Status);
        Assert.Contains(words, answer.Text, StringComparison.Ordinal);
        Assert.Contains("--clickhouse URL. (ACCESS_DENIED)", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT 'file(''x'')', \"file\" FROM (SELECT 1 AS file)", "file(\\'x\\')\t1")]
    [InlineData("SELECT 'a\\\\b', 'INTO OUTFILE ''x'''", "a\\\\b\tINTO OUTFILE \\'x\\'")]
    [InlineData("SELECT backup FROM (SELECT 2 AS backup)", "2")]
    [InlineData("SELECT count() > 0 FROM system.disks WHERE name = 'default'", "1")]
    public async Task A_name_alone_opens_nothing_and_is_not_refused(string statement, string expected) =>
        Assert.Equal(expected, await engine.Ask(statement));

    [Theory]
    [InlineData("disk")]
    [InlineData("backup")]
    [InlineData("eval")]
    [InlineData("sqlite")]
    [InlineData("default.executable")]
    public async Task A_table_may_be_called_as_something_closed_is(string table)
    {
        await engine.Ask($"CREATE TABLE IF NOT EXISTS {table} (a Int8) ENGINE = MergeTree ORDER BY a");
        await engine.Ask($"ALTER TABLE {table} ADD COLUMN b Int8, ADD COLUMN c Int8");
        await engine.Ask($"INSERT INTO {table} (a, b) VALUES (1, 2)");
        Assert.Equal("1\t2\t0", await engine.Ask($"SELECT * FROM {table}"));
        await engine.Ask($"DROP TABLE {table}");
    }

    [Theory]
    [InlineData("CREATE DICTIONARY TO SOURCE(FILE(path '/etc/passwd' format 'TSV')) PRIMARY KEY k LAYOUT(FLAT()) LIFETIME(0)")]
    [InlineData("INSERT INTO FUNCTION executable('id', 'TSV', 's String') VALUES ('x')")]
    [InlineData("INSERT INTO disk (a) SELECT * FROM executable('id', 'TSV', 'a Int8')")]
    [InlineData("CREATE TABLE disk AS executable('id', 'TSV', 'a Int8')")]
    [InlineData("CREATE VIEW disk AS SELECT * FROM executable('id', 'TSV', 'a Int8')")]
    [InlineData("DESCRIBE TABLE executable('id', 'TSV', 'a Int8')")]
    public async Task What_is_closed_stays_so_behind_a_table_of_any_name(string statement) =>
        Assert.NotEqual(200, (await engine.Post(statement)).Status);

    [Fact]
    public async Task A_dictionary_over_a_table_of_the_engine_works()
    {
        await engine.Ask("CREATE TABLE words (k UInt64, v String) ENGINE = Memory");
        await engine.Ask("INSERT INTO words VALUES (1, 'one')");
        await engine.Ask("""
            CREATE DICTIONARY open (k UInt64, v String) PRIMARY KEY k
            SOURCE(CLICKHOUSE(DB 'default' TABLE 'words')) LAYOUT(FLAT()) LIFETIME(0)
            """);

        Assert.Equal("one", await engine.Ask("SELECT dictGet('open', 'v', 1::UInt64)"));
    }

    [Fact]
    public async Task A_dialect_whose_names_nobody_checks_is_refused()
    {
        var answer = await engine.Post("from `file`", "dialect=prql&allow_experimental_prql_dialect=1");

        Assert.Equal("452", answer.ErrorCode);
    }
}
