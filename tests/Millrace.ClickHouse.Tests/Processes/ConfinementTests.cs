using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Millrace.ClickHouse.Confining;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests.Processes;

/// <summary>A host that the kernel confines: what queries can't reach, and what they still can.</summary>
public sealed class ConfinementTests(ConfinedHost confined) : IClassFixture<ConfinedHost>
{
    const string DictionaryFrom = "CREATE DICTIONARY d (k UInt64, v String) PRIMARY KEY k SOURCE(";
    const string Flat = ") LAYOUT(FLAT()) LIFETIME(0)";

    [LandlockTheory]
    [InlineData("SELECT * FROM file('/etc/passwd', 'RawBLOB')")]
    [InlineData("SELECT file('/etc/passwd')")]
    [InlineData("SELECT * FROM file('../../../../../../../../etc/passwd', 'RawBLOB')")]
    [InlineData("SELECT * FROM file('/proc/self/root/etc/passwd', 'RawBLOB')")]
    [InlineData("SELECT * FROM file('/proc/self/cwd/../../../../../../../../etc/passwd', 'RawBLOB')")]
    [InlineData("SELECT * FROM file('/etc/{passwd,shadow}', 'RawBLOB')")]
    [InlineData("SELECT * FROM file('/etc/pass*', 'LineAsString')")]
    [InlineData("SELECT * FROM file('/etc/**', 'LineAsString')")]
    [InlineData("SELECT * FROM filesystem('/etc')")]
    [InlineData("SELECT * FROM filesystem('HOME')")]
    [InlineData("SELECT file(concat('/etc/', 'passwd'))")]
    [InlineData("SELECT file('/proc/PARENT/environ')")]
    [InlineData("SELECT file(concat('/proc/', 'PARENT/environ'))")]
    [InlineData("SELECT * FROM file(concat('/etc', '/shadow'), 'RawBLOB')")]
    [InlineData("INSERT INTO FUNCTION file(concat('HOME', '/millrace-written'), 'RawBLOB') SELECT 'x'")]
    [InlineData("SELECT * FROM file('/proc/1/environ', 'RawBLOB')")]
    [InlineData("SELECT * FROM file('/proc/PARENT/environ', 'RawBLOB')")]
    [InlineData("SELECT * FROM file('/dev/sda', 'RawBLOB')")]
    [InlineData("INSERT INTO FUNCTION file('HOME/millrace-written', 'RawBLOB') SELECT 'x'")]
    [InlineData("INSERT INTO FUNCTION file('HOME/millrace-written', 'CSV', 's String') VALUES ('x')")]
    [InlineData("INSERT INTO FUNCTION file('/tmp/millrace-written', 'RawBLOB') SELECT 'x'")]
    [InlineData("INSERT INTO FUNCTION file('/dev/shm/millrace-written', 'RawBLOB') SELECT 'x'")]
    [InlineData("INSERT INTO FUNCTION file('/proc/self/mem', 'RawBLOB') SELECT 'x'")]
    [InlineData("INSERT INTO FUNCTION file('LIBRARY', 'RawBLOB') SELECT 'x' SETTINGS engine_file_truncate_on_insert = 1")]
    [InlineData("SELECT * FROM sqlite('HOME/millrace-written', 't')")]
    [InlineData("SELECT * FROM executable('id', 'TSV', 's String')")]
    [InlineData("SELECT * FROM eval('SELECT file(''/etc/passwd'')') SETTINGS allow_experimental_eval_table_function = 1")]
    [InlineData(DictionaryFrom + "EXECUTABLE(command 'id' format 'TSV')" + Flat)]
    [InlineData("CREATE TABLE r (k UInt64) ENGINE = EmbeddedRocksDB(0, 'HOME/millrace-written') PRIMARY KEY k")]
    [InlineData("SELECT * FROM url('http://127.0.0.1:PORT/', 'RawBLOB')")]
    [InlineData("SELECT * FROM remote('127.0.0.1:PORT', system.one)")]
    [InlineData("SELECT * FROM mysql('127.0.0.1:PORT', 'a', 'b', 'c', 'd')")]
    [InlineData("SELECT * FROM s3('http://127.0.0.1:PORT/bucket/b', 'CSV')")]
    [InlineData(DictionaryFrom + "HTTP(url 'http://127.0.0.1:PORT/' format 'TSV')" + Flat)]
    [InlineData(
        "CREATE TABLE w (a Int8) ENGINE = MergeTree ORDER BY a "
        + "SETTINGS disk = disk(type = 'web', endpoint = 'http://127.0.0.1:PORT/')")]
    public async Task A_query_gets_no_file_of_the_users_and_no_other_port(string statement)
    {
        var answer = await confined.Post(statement);

        Assert.True(answer.Status == 403, answer.Text);
        Assert.Contains("(ACCESS_DENIED)", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
        Assert.False(Path.Exists(ConfinedHost.Written) || Path.Exists("/tmp/millrace-written") || Path.Exists("/dev/shm/millrace-written"));
        Assert.False(confined.Listener.Pending());
    }

    [LandlockTheory]
    [InlineData("CREATE TABLE STORED (s String) ENGINE = File('LineAsString', '/etc/passwd')", "SELECT * FROM STORED")]
    [InlineData(
        "CREATE TABLE STORED (s String DEFAULT file(concat('/etc', '/passwd')), a Int8) ENGINE = Memory",
        "INSERT INTO STORED (a) VALUES (1)")]
    [InlineData("CREATE VIEW STORED AS SELECT * FROM file(concat('/etc', '/passwd'), 'RawBLOB')", "SELECT * FROM STORED")]
    [InlineData("CREATE VIEW STORED AS SELECT file({path:String}) AS s", "SELECT * FROM STORED(path = '/etc/passwd')")]
    [InlineData("CREATE FUNCTION STORED AS p -> file(p)", "SELECT STORED('/etc/passwd')")]
    [InlineData("CREATE DATABASE STORED ENGINE = Filesystem('/etc')", "SELECT * FROM STORED.passwd")]
    [InlineData("CREATE TABLE STORED (s String) ENGINE = Memory", "INSERT INTO STORED SELECT file('/etc/passwd')")]
    [InlineData("CREATE TABLE STORED (s String) ENGINE = Memory", "INSERT INTO STORED SELECT * FROM file('/etc/shadow', 'LineAsString')")]
    public async Task What_is_stored_gets_no_file_either(string store, string use)
    {
        var name = $"stored_{Guid.NewGuid():N}";
        string Named(string statement) => statement.Replace("STORED", name, StringComparison.Ordinal);

        var answer = await confined.Post(Named(store));
        if (answer.Status == 200) answer = await confined.Post(Named(use));

        Assert.True(answer.Status == 403, answer.Text);
        Assert.Contains("--allow-files", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
    }

    /// <summary>A table's definition that is written there would be loaded at the next start, whatever it opens.</summary>
    [LandlockTheory]
    [InlineData("INSERT INTO FUNCTION file('../data/millrace-written.sql', 'RawBLOB') SELECT 'x'")]
    [InlineData("INSERT INTO FUNCTION file('FOLDER/data/millrace-written.sql', 'RawBLOB') SELECT 'x'")]
    [InlineData("INSERT INTO FUNCTION file('FOLDER/user_files/../millrace-written.sql', 'RawBLOB') SELECT 'x'")]
    [InlineData("INSERT INTO FUNCTION file(concat('..', '/millrace-written.sql'), 'RawBLOB') SELECT 'x'")]
    [InlineData("INSERT INTO FUNCTION file('..' || '/millrace-written.sql', 'RawBLOB') SELECT 'x'")]
    [InlineData("INSERT INTO FUNCTION file({path:String}, 'RawBLOB') SELECT 'x'")]
    [InlineData("INSERT INTO FUNCTION file('{_partition_id}', 'RawBLOB', 's String') PARTITION BY s SELECT '../millrace-written.sql'")]
    [InlineData("CREATE TABLE f (s String) ENGINE = File(RawBLOB, '../millrace-written.sql')")]
    [InlineData("CREATE TABLE f (s String) ENGINE = File('RawBLOB', '../millrace-written.sql')")]
    [InlineData("CREATE TABLE f (s String) ENGINE = File(RawBLOB, concat('..', '/millrace-written.sql'))")]
    [InlineData("CREATE TABLE f AS file(concat('..', '/millrace-written.sql'), 'RawBLOB', 's String')")]
    [InlineData("CREATE DATABASE f ENGINE = Filesystem")]
    [InlineData("CREATE DATABASE f ENGINE = Filesystem('FOLDER/user_files')")]
    [InlineData("SELECT * FROM file('../config.xml', 'RawBLOB')")]
    [InlineData("SELECT * FROM file('{..,x}/config.xml', 'RawBLOB')")]
    [InlineData("SELECT * FROM fileCluster('default', '../config.xml', 'RawBLOB')")]
    [InlineData("SELECT * FROM filesystem('..')")]
    public async Task The_engines_own_folders_are_no_files_of_a_query(string statement)
    {
        var filled = statement.Replace("FOLDER", confined.Data, StringComparison.Ordinal);
        var answer = await confined.Post(filled, "param_path=../millrace-written.sql");

        Assert.True(answer.Status == 403, answer.Text);
        Assert.Contains("--allow-files", answer.Text, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(confined.Data, "millrace-written*", SearchOption.AllDirectories));
    }

    [LandlockFact]
    public async Task Files_of_its_own_and_in_allowed_folders_are_read_and_written()
    {
        await File.WriteAllTextAsync(Path.Combine(confined.Allowed, "theirs.csv"), "1,one\n");

        await confined.Host.Ask("INSERT INTO FUNCTION file('own.csv', 'CSV', 'a Int8, b String') SELECT 2, 'two'");
        await confined.Host.Ask($"INSERT INTO FUNCTION file('{confined.Allowed}/ours.csv', 'CSV', 'a Int8, b String') SELECT 3, 'three'");

        Assert.Equal("2\ttwo", await confined.Host.Ask("SELECT * FROM file('own.csv', 'CSV')"));
        Assert.Equal("1\tone\n3\tthree", await confined.Host.Ask($"SELECT * FROM file('{confined.Allowed}/*.csv', 'CSV') ORDER BY ALL"));
        Assert.Equal("3,\"three\"\n", await File.ReadAllTextAsync(Path.Combine(confined.Allowed, "ours.csv")));
    }

    [LandlockFact]
    public async Task A_get_reads_such_a_file_but_does_not_write_it()
    {
        await confined.Host.Ask("INSERT INTO FUNCTION file('get.csv', 'CSV', 'a Int8') SELECT 1");

        Assert.Equal("1\n", await confined.Host.Http.GetStringAsync("/?query=SELECT+*+FROM+file('get.csv','CSV')"));
        foreach (var (request, code) in new[]
        {
            ("INSERT INTO FUNCTION file('got.csv', 'CSV', 'a Int8') SELECT 1", "164"),
            ("CREATE TEMPORARY TABLE t ENGINE = File(CSV, 'got.csv') AS SELECT 1", "164"),
            ("SELECT * FROM file('get.csv', 'CSV') SETTINGS rename_files_after_processing = 'got.csv'", "452"),
        })
        {
            var answer = await Answer.Of(await confined.Host.Http.GetAsync($"/?query={Uri.EscapeDataString(request)}"));
            Assert.True(answer.ErrorCode == code, answer.Text);
        }
        Assert.False(File.Exists(Path.Combine(confined.Data, "user_files", "got.csv")));
    }

    [LandlockFact]
    public async Task No_variable_of_its_environment_can_be_read()
    {
        var environment = await confined.Host.Ask("SELECT * FROM file(concat('/proc/self', '/environ'), 'RawBLOB')");

        Assert.Contains("SECRET_OF_THE_TEST", environment, StringComparison.Ordinal);
        Assert.DoesNotContain(ConfinedHost.Secret, environment, StringComparison.Ordinal);
    }

    [LandlockFact]
    public async Task A_queue_table_reaches_the_one_port_that_is_open_to_it()
    {
        foreach (var (name, port) in new[] { ("closed", confined.Port), ("open", ConfinedHost.PortOf(confined.Kafka)) })
        {
            await confined.Host.Ask($"""
                CREATE TABLE queue_{name} (m String) ENGINE = Kafka
                SETTINGS kafka_broker_list = '127.0.0.1:{port}', kafka_topic_list = 't', kafka_group_name = 'g', kafka_format = 'RawBLOB'
                """);
            await confined.Host.Ask($"CREATE MATERIALIZED VIEW view_{name} ENGINE = Memory AS SELECT * FROM queue_{name}");
        }

        await Eventually.Holds(() => confined.Kafka.Pending(), "a connection to the broker");

        Assert.False(confined.Listener.Pending());
        await confined.Host.Ask("DROP TABLE view_open SYNC");
        await confined.Host.Ask("DROP TABLE view_closed SYNC");
    }

    [LandlockFact]
    public async Task Every_thread_is_confined_whoever_made_it()
    {
        // Of the thread pool, of the engine's pools, of merges; the collector's and the compiler's are there by themselves.
        await confined.Host.Ask("CREATE TABLE busy (a UInt64) ENGINE = MergeTree ORDER BY a");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => confined.Host.Ask($"INSERT INTO busy SELECT {i} FROM numbers(1000)")));
        await confined.Host.Ask("SELECT uniqExact(a) FROM busy SETTINGS max_threads = 8");

        var threads = Directory.GetDirectories($"/proc/{confined.Host.Id}/task").Select(Status).Where(status => status.Length > 0).ToList();

        Assert.True(threads.Count > 20, $"{threads.Count} threads");
        Assert.All(threads, status => Assert.Contains("NoNewPrivs:\t1\n", status, StringComparison.Ordinal));
    }

    [LandlockFact]
    public async Task Whoever_starts_a_confined_process_stays_free_with_all_its_threads()
    {
        var confinement = new Confinement(confined.Data, EngineFixture.LibraryPath, Port: 0, KafkaPort: null, []);

        for (var i = 0; i < 50; i++)
        {
            using var child = confinement.Start(variables =>
            {
                var start = new ProcessStartInfo(Environment.ProcessPath!, "--version")
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                };
                foreach (var (name, value) in variables) start.Environment[name] = value;
                return Process.Start(start)!;
            });
            var status = Status($"/proc/{child.Id}");
            // It may have ended already.
            var isConfined = status.Contains("NoNewPrivs:\t1\n", StringComparison.Ordinal);
            Assert.True(isConfined || child.WaitForExit(TimeSpan.FromMinutes(1)), status);
            child.Kill();
        }

        // The thread that confines itself is the kernel's a moment longer than .NET's.
        await Eventually.Holds(
            () => Directory.GetDirectories("/proc/self/task").Select(Status)
                .All(status => status.Length == 0 || status.Contains("NoNewPrivs:\t0\n", StringComparison.Ordinal)),
            "no confined thread of its own");
    }

    static string Status(string thread)
    {
        try { return File.ReadAllText(Path.Combine(thread, "status")); }
        catch (IOException) { return ""; }
    }
}

/// <summary>A confined host with one folder open, an environment with a secret, and a server next door that it may not reach.</summary>
public sealed class ConfinedHost : IAsyncLifetime
{
    public const string Secret = "hunter2-of-the-test";

    public static readonly string Written =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "millrace-written");

    readonly TemporaryDirectory _directory = new();
    HostProcess? _host;

    internal HostProcess Host => _host!;

    public TcpListener Listener { get; } = new(IPAddress.Loopback, 0);

    /// <summary>The one that it may reach.</summary>
    public TcpListener Kafka { get; } = new(IPAddress.Loopback, 0);

    public int Port => PortOf(Listener);

    public static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Data => _directory.Sub("data");

    public string Allowed { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (!Confinement.IsAvailable) return;
        Listener.Start();
        Kafka.Start();
        Allowed = Directory.CreateDirectory(_directory.Sub("allowed")).FullName;
        _host = await HostProcess.Start(Data, confine: $"{PortOf(Kafka)}:{Allowed}", environment: ("SECRET_OF_THE_TEST", Secret));
        Assert.True(_host.Serves, _host.FirstLine);
    }

    internal async Task<Answer> Post(string statement, string parameters = "")
    {
        var filled = statement
            .Replace("PORT", $"{Port}", StringComparison.Ordinal)
            .Replace("PARENT", $"{Environment.ProcessId}", StringComparison.Ordinal)
            .Replace("LIBRARY", EngineFixture.LibraryPath, StringComparison.Ordinal)
            .Replace("HOME", Path.GetDirectoryName(Written)!, StringComparison.Ordinal);
        return await Answer.Of(await Host.Http.PostAsync($"/?{parameters}", new StringContent(filled)));
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.Stop();
            _host.Dispose();
        }
        Listener.Dispose();
        Kafka.Dispose();
        _directory.Dispose();
    }
}

/// <summary>Needs a kernel that can confine: skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class LandlockFactAttribute : FactAttribute
{
    public LandlockFactAttribute() => Skip = Confinement.IsAvailable ? null : Confinement.NotHeldBack;
}

/// <inheritdoc cref="LandlockFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
sealed class LandlockTheoryAttribute : TheoryAttribute
{
    public LandlockTheoryAttribute() => Skip = Confinement.IsAvailable ? null : Confinement.NotHeldBack;
}
