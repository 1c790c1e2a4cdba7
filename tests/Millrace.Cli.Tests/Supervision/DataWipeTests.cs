using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Storage;
using Millrace.Cli.Supervision;
using Millrace.Cli.Tests.Storage;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Supervision;

[Collection(LocksCollection.Name)]
public sealed class DataWipeTests : IDisposable
{
    const string FirstLogLine = "2026-11-22T18:00:00.000Z info Broker: broker listens\n";

    readonly TemporaryDirectory _directory = new();

    StandPaths Paths => new(_directory.Sub("data"), "/streams");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void All_that_a_stand_made_goes_what_killed_processes_left_too_and_the_folder_with_it()
    {
        Mark();
        foreach (var name in StandPaths.Entries.Except([StandPaths.LockName]))
            Write(name is "broker" or "clickhouse" or "logs" ? $"{name}/x" : name, "x");
        Assert.Empty(DataWipe.Run(Paths)!);
        Assert.False(Directory.Exists(Paths.Data));
    }

    [Fact]
    public void What_the_user_put_beside_it_stays_and_is_named()
    {
        Mark();
        Write("broker/x", "x");
        Write("queries/top.sql", "SELECT 1");
        Write("notes.txt", "mine");
        Assert.Equal(["notes.txt", "queries"], DataWipe.Run(Paths)!);
        Assert.Equal(["notes.txt", "queries"], Names());
    }

    [Fact]
    public void A_folder_that_the_user_made_stays_when_it_is_empty()
    {
        Directory.CreateDirectory(Paths.Data);
        Mark();
        Write("broker/x", "x");
        Assert.Empty(DataWipe.Run(Paths)!);
        Assert.Empty(Names());
    }

    [Fact]
    public void A_wipe_that_was_interrupted_is_finished_by_the_next()
    {
        Mark();
        Write("logs/app.log", "of a process that is gone");
        Assert.NotNull(DataWipe.Run(Paths));
        Assert.Null(DataWipe.Run(Paths));
        Assert.False(Directory.Exists(Paths.Data));
    }

    [Fact]
    public void Links_are_removed_and_what_they_lead_to_stays()
    {
        Mark();
        Directory.CreateDirectory(_directory.Sub("precious"));
        File.WriteAllText(_directory.Sub("precious/rows"), "mine");
        Directory.CreateSymbolicLink(Paths.ClickHouse, _directory.Sub("precious"));
        Write("broker/x", "x");
        Directory.CreateSymbolicLink(Path.Combine(Paths.Broker, "link"), _directory.Sub("precious"));
        Assert.Equal([_directory.Sub("precious")], DataWipe.Run(Paths)!);
        Assert.False(Directory.Exists(Paths.Data));
        Assert.Equal("mine", File.ReadAllText(_directory.Sub("precious/rows")));
    }

    [Fact]
    public void A_data_directory_that_is_a_link_of_the_users_is_emptied_and_link_and_folder_stay()
    {
        Directory.CreateDirectory(_directory.Sub("disk"));
        Directory.CreateSymbolicLink(Paths.Data, _directory.Sub("disk"));
        Mark();
        Write("broker/x", "x");
        Assert.Empty(DataWipe.Run(Paths)!);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Sub("disk")));
        Assert.True(Directory.Exists(Paths.Data));
    }

    [RequiresFact(Prerequisite.Root)]
    public void A_folder_of_the_users_that_is_mounted_inside_is_not_emptied_along()
    {
        Mark();
        Write("clickhouse/user_files/place", "x");
        Directory.CreateDirectory(_directory.Sub("my csv"));
        File.WriteAllText(_directory.Sub("my csv/rows"), "mine");
        var mounted = Path.Combine(Paths.ClickHouse, "user_files");
        Listing.Run("mount", "--bind", _directory.Sub("my csv"), mounted);
        try
        {
            var refused = Assert.Throws<CliException>(() => DataWipe.Run(Paths));
            Assert.Equal(
                (ExitCodes.Failed, $"Something is mounted on {mounted}: unmount it first, nothing was wiped."),
                (refused.ExitCode, refused.Message));
            Assert.True(File.Exists(_directory.Sub("my csv/rows")));
        }
        finally
        {
            Listing.Run("umount", mounted);
        }
        Assert.NotNull(DataWipe.Run(Paths));
    }

    [Fact]
    public void A_server_that_runs_by_hand_keeps_its_data()
    {
        Mark();
        Write("broker/.lock", "");
        using (var running = new FileStream(Path.Combine(Paths.Broker, ".lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Contains(
                "is in use by  millrace run broker", Assert.Throws<CliException>(() => DataWipe.Run(Paths)).Message,
                StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Paths.Broker, ".lock")));
        Assert.NotNull(DataWipe.Run(Paths));
    }

    [Fact]
    public void What_the_first_release_made_is_recognised_and_its_files_are_closed_to_others()
    {
        MakeFirstRelease();
        using (DataDirectoryLock.TryTake(Paths)) Assert.Contains("broker", StandMark.Read(Paths.Lock)!);
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(Paths.Data));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(Paths.State));
        Assert.Empty(DataWipe.Run(Paths)!);
        Assert.False(Directory.Exists(Paths.Data));
    }

    [Fact]
    public void What_the_first_release_made_goes_at_once_too()
    {
        MakeFirstRelease();
        Write("notes.txt", "mine");
        File.SetUnixFileMode(Paths.Data, (UnixFileMode)0b111_101_101);
        Assert.Equal(["notes.txt"], DataWipe.Run(Paths)!);
        Assert.Equal(["notes.txt"], Names());
    }

    [Theory]
    [InlineData("logs/app.log")]
    [InlineData("logs/old/broker.log")]
    public void A_folder_like_the_first_releases_with_more_in_its_logs_is_somebody_elses(string file)
    {
        MakeFirstRelease();
        Write(file, FirstLogLine);
        AssertRefused();
    }

    [Theory]
    [InlineData("logs/broker.log", "mine\n")]
    [InlineData("supervisor.lock", "mine\n")]
    [InlineData("state.json", "{}")]
    [InlineData("broker/meta.properties", "mine\n")]
    public void A_folder_like_the_first_releases_with_another_content_is_somebody_elses(string file, string content)
    {
        MakeFirstRelease();
        Write(file, content);
        AssertRefused();
    }

    [Fact]
    public void A_mark_of_an_older_release_does_not_cover_what_came_to_lie_there_before_a_newer_one_used_the_name()
    {
        Mark();
        File.WriteAllBytes(Paths.Lock, StandMark.Text([StandMark.Folder, "broker", "clickhouse", StandPaths.LockName]));
        Write("logs/app.log", "mine");
        AssertRefused();
        Directory.Delete(Paths.Logs, recursive: true);
        Mark();
        Assert.Contains("logs", StandMark.Read(Paths.Lock)!);
    }

    [Fact]
    public void A_mark_that_was_cut_off_by_a_loss_of_power_is_written_anew()
    {
        Mark();
        File.WriteAllBytes(Paths.Lock, new byte[100]);
        Mark();
        Assert.NotNull(StandMark.Read(Paths.Lock));
    }

    [RequiresFact(Prerequisite.Root)]
    public void A_disk_that_can_only_be_read_says_so_and_keeps_all()
    {
        Mark();
        Write("broker/x", "x");
        Listing.Run("mount", "--bind", Paths.Data, Paths.Data);
        Listing.Run("mount", "-o", "remount,bind,ro", Paths.Data);
        try
        {
            Assert.Contains("can't be written (", Assert.Throws<CliException>(() => DataWipe.Run(Paths)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Listing.Run("umount", Paths.Data);
        }
        Assert.NotNull(DataWipe.Run(Paths));
    }

    void AssertRefused()
    {
        var before = Listing.Of(_directory.Path);
        Assert.Throws<CliException>(() => DataWipe.Run(Paths));
        Assert.Throws<CliException>(() => DataDirectoryLock.TryTake(Paths));
        Assert.Equal(before, Listing.Of(_directory.Path));
    }

    void Mark() => DataDirectoryLock.TryTake(Paths)!.Dispose();

    void MakeFirstRelease()
    {
        Write("supervisor.lock", "");
        foreach (var log in (string[])["broker.log", "clickhouse.log", "emitter.log"]) Write($"logs/{log}", FirstLogLine);
        Write("logs/setup.log", "");
        Write("logs/broker.log.1", FirstLogLine);
        Write("logs/supervisor.log", "The stand is down.\n");
        Write("broker/.lock", "");
        Write("broker/meta.properties", "version=1\ncluster.id=abc\n");
        Write("clickhouse/millrace.lock", "");
        Write("sql_history", "SELECT 1;\n");
        new StateFile(Paths.State).Write(new StandState(
            new ProcessIdentity(1, -1), StandPhase.Running, default, "127.0.0.1:1", new Uri("http://127.0.0.1:2/"), "/streams", []));
        foreach (var path in Directory.GetFiles(Paths.Data, "*", SearchOption.AllDirectories))
            File.SetUnixFileMode(path, (UnixFileMode)0b110_110_100);
        File.SetUnixFileMode(Paths.Data, (UnixFileMode)0b111_111_101);
    }

    string[] Names() =>
        [.. Directory.GetFileSystemEntries(Paths.Data).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)];

    void Write(string name, string text)
    {
        var path = Path.Combine(Paths.Data, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
