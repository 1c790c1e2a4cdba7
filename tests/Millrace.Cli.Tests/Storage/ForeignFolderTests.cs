using Millrace.Cli.Basics;
using Millrace.Cli.Commands;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Storage;

/// <summary>Commands on a folder that somebody else filled.</summary>
public sealed class ForeignFolderTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    string Data => _directory.Sub("proj");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("down -v", ExitCodes.Failed)]
    [InlineData("up", ExitCodes.CannotStart)]
    [InlineData("up -d", ExitCodes.CannotStart)]
    [InlineData("run broker --kafka-port 0", ExitCodes.CannotStart)]
    [InlineData("run clickhouse --clickhouse-port 0", ExitCodes.CannotStart)]
    public async Task A_folder_of_somebody_else_is_left_alone_and_what_is_in_the_way_is_named(string command, int exitCode)
    {
        Write("logs/app.log", "mine");
        Write("logs/setup.log", "no stand's");
        Write("clickhouse/notes.txt", "mine");
        await AssertLeftAloneAsync(command, exitCode, "holds clickhouse and logs, which no stand made");
    }

    [Theory]
    [InlineData("broker/data", "broker")]
    [InlineData("logs/readme", "logs")]
    [InlineData("clickhouse/config.xml", "clickhouse")]
    [InlineData("sql_history", "sql_history")]
    [InlineData("state.json", "state.json")]
    [InlineData("control.sock", "control.sock")]
    [InlineData("supervisor.lock", "supervisor.lock")]
    public async Task Each_name_that_a_stand_would_use_counts(string file, string named)
    {
        Write(file, "{}");
        foreach (var command in new[] { "down -v", "up" })
        {
            var exitCode = command == "up" ? ExitCodes.CannotStart : ExitCodes.Failed;
            await AssertLeftAloneAsync(
                command, exitCode, $"holds {named}, which no stand made: name another folder with --data, or move it away.");
        }
    }

    [Fact]
    public async Task Empty_folders_and_dangling_links_of_those_names_are_somebodys_too()
    {
        Directory.CreateDirectory(Path.Combine(Data, "logs"));
        File.CreateSymbolicLink(Path.Combine(Data, "clickhouse"), "/nowhere");
        await AssertLeftAloneAsync("down -v", ExitCodes.Failed, "holds clickhouse and logs, which no stand made");
    }

    [Fact]
    public async Task Down_with_volumes_where_there_is_nothing_of_a_stand_wipes_nothing_and_makes_nothing()
    {
        Write("src/main.c", "mine");
        var before = Listing.Of(_directory.Path);
        Assert.Equal(ExitCodes.Success, await RunAsync("down -v"));
        Assert.Equal(before, Listing.Of(_directory.Path));
    }

    [Theory]
    [InlineData("/", "/ is the root of the file system")]
    [InlineData("/dev/null", "/dev/null is a file")]
    public async Task These_are_no_places_for_a_stand(string data, string sentence)
    {
        foreach (var command in new[] { "up", "down -v", "run broker" })
            Assert.StartsWith(
                sentence, (await Assert.ThrowsAsync<CliException>(() => RunAsync(command, data))).Message, StringComparison.Ordinal);
    }

    [RequiresFact(Prerequisite.Root)]
    public async Task A_folder_of_another_user_is_refused()
    {
        Directory.CreateDirectory(Data);
        Listing.Run("chown", "nobody", Data);
        await AssertLeftAloneAsync("up", ExitCodes.CannotStart, "belongs to another user: name a folder of your own with --data.");
    }

    /// <summary>Whoever holds the lock of such a file would hold up every `up`.</summary>
    [RequiresFact(Prerequisite.Root)]
    public async Task A_lock_file_of_another_user_is_refused_and_never_waited_for()
    {
        Write("supervisor.lock", "");
        Listing.Run("chown", "nobody", Path.Combine(Data, "supervisor.lock"));
        await AssertLeftAloneAsync("up", ExitCodes.CannotStart, "supervisor.lock belongs to another user");
    }

    [RequiresFact(Prerequisite.Root)]
    public async Task A_state_of_another_user_is_not_believed()
    {
        Write("state.json", "{}");
        Listing.Run("chown", "nobody", Path.Combine(Data, "state.json"));
        foreach (var command in new[] { "down", "ps", "restart" })
        {
            var refused = await Assert.ThrowsAsync<CliException>(() => RunAsync(command));
            Assert.Contains("state.json belongs to another user", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_folder_that_others_may_write_to_is_refused_when_it_holds_other_things()
    {
        Write("notes.txt", "mine");
        File.SetUnixFileMode(Data, (UnixFileMode)0b111_111_111);
        await AssertLeftAloneAsync(
            "up", ExitCodes.CannotStart, $"Others may write to {Data}: type  chmod go-w {Data}  or name another folder with --data.");
    }

    async Task AssertLeftAloneAsync(string command, int exitCode, string sentence)
    {
        var before = Listing.Of(_directory.Path);
        var refused = await Assert.ThrowsAsync<CliException>(() => RunAsync(command));
        Assert.Equal(exitCode, refused.ExitCode);
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Listing.Of(_directory.Path));
    }

    void Write(string name, string text)
    {
        var path = Path.Combine(Data, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    Task<int> RunAsync(string command, string? data = null) =>
        MillraceCommand.Create().Parse([.. command.Split(' '), "--data", data ?? Data])
            .InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
