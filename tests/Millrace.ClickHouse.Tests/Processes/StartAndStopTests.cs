using System.Net;
using System.Net.Sockets;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests.Processes;

public sealed class StartAndStopTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Tables_and_rows_survive_a_stop_and_a_kill()
    {
        using (var first = await HostProcess.Start(_directory.Path))
        {
            await first.Ask("CREATE DATABASE stand");
            await first.Ask("CREATE TABLE stand.t (n Int64) ENGINE = MergeTree ORDER BY n");
            await first.Ask("INSERT INTO stand.t VALUES (1)");
            Assert.Equal(0, (await first.Stop()).ExitCode);
        }
        using (var second = await HostProcess.Start(_directory.Path))
        {
            await second.Ask("INSERT INTO stand.t VALUES (2)");
            await second.Kill();
        }
        using var third = await HostProcess.Start(_directory.Path);
        Assert.Equal("3", await third.Ask("SELECT sum(n) FROM stand.t"));
    }

    [Fact]
    public async Task A_second_host_on_the_same_directory_is_refused_in_one_sentence()
    {
        using var first = await HostProcess.Start(_directory.Path);
        using var second = await HostProcess.Start(_directory.Path);

        Assert.StartsWith(
            $"refused Another ClickHouse uses the data directory {_directory.Path}: stop it", second.FirstLine, StringComparison.Ordinal);
        Assert.Equal("1", await first.Ask("SELECT 1"));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        using var host = await HostProcess.Start(_directory.Path, port);

        Assert.StartsWith($"refused Port {port} on 127.0.0.1 can't be opened", host.FirstLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_or_wrong_library_is_named()
    {
        using var missing = await HostProcess.Start(_directory.Path, library: "/nosuch/libchdb.so");
        Assert.StartsWith("refused ClickHouse's library is not at /nosuch/libchdb.so", missing.FirstLine, StringComparison.Ordinal);

        var text = _directory.Sub("text.so");
        await File.WriteAllTextAsync(text, "no library");
        using var wrong = await HostProcess.Start(_directory.Path, library: text);
        Assert.StartsWith($"refused {text} is not a library this machine can load", wrong.FirstLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_can_not_be_made_is_named()
    {
        var file = _directory.Sub("file");
        await File.WriteAllTextAsync(file, "");

        using var host = await HostProcess.Start(Path.Combine(file, "below"));

        Assert.StartsWith("refused The data directory", host.FirstLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_is_a_file_is_named()
    {
        var file = _directory.Sub("file");
        await File.WriteAllTextAsync(file, "");

        using var host = await HostProcess.Start(file);

        Assert.Equal($"refused The data directory {file} is a file: choose another one, or move the file away.", host.FirstLine);
    }

    [Fact]
    public async Task A_lock_file_that_can_not_be_opened_is_not_taken_for_another_ClickHouse()
    {
        File.CreateSymbolicLink(_directory.Sub("millrace.lock"), _directory.Sub("millrace.lock"));

        using var host = await HostProcess.Start(_directory.Path);

        Assert.StartsWith($"refused The data directory {_directory.Path} can't be used (", host.FirstLine, StringComparison.Ordinal);
    }

    [MountFact]
    public async Task A_disk_that_is_full_is_told_in_one_sentence()
    {
        string[] filling = ["sh", "-c", "cat /dev/zero >\"$0\" 2>/dev/null; exec \"$@\"", _directory.Sub("filler")];

        using var host = await HostProcess.Start(_directory.Path, launcher: [.. MountFactAttribute.Launcher(_directory.Path), .. filling]);

        Assert.Equal(
            $"refused There is no space left for the data directory {_directory.Path}: make room, or choose another one.", host.FirstLine);
    }

    [Theory]
    [InlineData("config.d")]
    [InlineData("conf.d")]
    [InlineData("users.d")]
    public async Task No_file_that_a_query_may_have_written_gives_rights_at_the_next_start(string folder)
    {
        const string Rights =
            "<clickhouse><users><default><grants replace='replace'><query>GRANT ALL ON *.*</query></grants></default></users></clickhouse>";
        Directory.CreateDirectory(_directory.Sub(folder));
        await File.WriteAllTextAsync(_directory.Sub($"{folder}/mine.xml"), Rights);

        using var host = await HostProcess.Start(_directory.Path);
        await File.WriteAllTextAsync(_directory.Sub("config.xml"), Rights);
        await host.Ask("SYSTEM RELOAD USERS");

        Assert.Equal("GRANT reading, writing TO default", await host.Ask("SHOW GRANTS"));
    }

    [Fact]
    public async Task A_stop_ends_queries_that_run()
    {
        using var host = await HostProcess.Start(_directory.Path);
        var query = host.Http.PostAsync("/", new StringContent("SELECT count() FROM system.numbers WHERE NOT ignore(number)"));
        await host.Until("SELECT count() FROM system.processes WHERE query LIKE 'SELECT count() FROM system.numbers%'", "1");

        Assert.Equal(0, (await host.Stop()).ExitCode);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => query);
    }

    [Fact]
    public async Task The_engine_leaves_NET_the_signal_by_which_it_suspends_threads()
    {
        using var host = await HostProcess.Start(_directory.Path, collects: true);

        Assert.Equal(0, (await host.Stop().WaitAsync(Eventually.DefaultLimit)).ExitCode);
        Assert.Contains("collected", await host.Log(), StringComparison.Ordinal);
    }
}
