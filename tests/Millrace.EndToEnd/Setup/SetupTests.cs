using Millrace.Testing;

namespace Millrace.EndToEnd.Setup;

/// <summary>scripts/setup.sh where something is missing, broken, or stopped in the middle.</summary>
public sealed class SetupTests : IDisposable
{
    readonly FreshMachine _machine = new FreshMachine().Has("npm", FreshMachine.Npm);

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task The_engine_is_fetched_once_and_each_step_is_announced()
    {
        var first = (await _machine.RunAsync("ensure_libchdb")).Expect(0);
        Assert.Contains("Downloading the ClickHouse engine", first.Error, StringComparison.Ordinal);
        Assert.Equal("an engine", await File.ReadAllTextAsync(Assert.Single(_machine.Engines)));
        Assert.Equal("", (await _machine.RunAsync("ensure_libchdb")).Expect(0).Error);
        Assert.Equal(1, _machine.LinesOf("npm-calls"));
    }

    [Theory]
    [InlineData("rm \"$MACHINE/bin/npm\"; ensure_libchdb", "npm is missing", "apt-get install npm")]
    [InlineData("uname() { [[ $1 == -m ]] && echo aarch64 || echo Linux; }; ensure_libchdb", "not for Linux on aarch64", "--clickhouse URL")]
    [InlineData("LIBCHDB_DISK_MB=999999999; ensure_libchdb", "are free", "XDG_CACHE_HOME")]
    [InlineData("npm() { echo no network >&2; return 1; }; ensure_libchdb", "can't be downloaded", "npm view")]
    [InlineData("tar() { echo No space left on device >&2; return 2; }; ensure_libchdb", "can't be unpacked", "disk is full")]
    [InlineData("touch \"$MACHINE/cache\"; ensure_libchdb", "can't be written", "XDG_CACHE_HOME")]
    [InlineData("dotnet() { echo 11.0.100; }; require_sdk", "not 10.0", "https://dotnet.microsoft.com")]
    public async Task What_cannot_be_done_is_one_sentence_with_what_to_do_and_leaves_nothing_behind(string command, string reason, string remedy)
    {
        var refused = (await _machine.RunAsync(command)).Expect(1);
        var sentence = refused.Error.TrimEnd('\n').Split('\n')[^1];
        Assert.Contains(reason, sentence, StringComparison.Ordinal);
        Assert.Contains(remedy, sentence, StringComparison.Ordinal);
        Assert.Empty(_machine.CacheEntries);
    }

    [Theory]
    [InlineData("up", "engine")]
    [InlineData("--data X up --rate 5", "engine")]
    [InlineData("--data=X -o json run clickhouse", "engine")]
    [InlineData("--profile up run setup", "")]
    [InlineData("--data X up --clickhouse http://there:8123", "")]
    [InlineData("-o junit check shop --sample -", "engine")]
    [InlineData("--profile ps check shop", "engine")]
    [InlineData("--data X topics", "")]
    [InlineData("--data up ps", "")]
    [InlineData("up --help", "")]
    [InlineData("run setup -h", "")]
    [InlineData("--data", "")]
    [InlineData("", "")]
    public async Task What_a_command_needs_is_put_in_place_wherever_its_options_stand(string commandLine, string needs)
    {
        var run = await _machine.RunAsync($"ensure_libchdb() {{ printf 'engine'; }}; ensure_libraries {commandLine}");
        Assert.Equal(needs, run.Expect(0).Output);
    }

    [Fact]
    public async Task A_build_folder_that_cannot_be_written_is_no_matter_of_the_cache()
    {
        var refused = (await _machine.RunAsync("touch \"$MACHINE/artifacts\"; locked \"$MACHINE/artifacts\" true")).Expect(1);
        Assert.Contains("artifacts can't be written", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("XDG_CACHE_HOME", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_does_not_compile_ends_with_the_words_of_the_compiler()
    {
        _machine.Has("dotnet", "[[ $1 != --list-sdks ]] || { echo 10.0.100; exit; }; echo 'Program.cs(1,1): error CS1002: ; expected'; exit 1");
        const string build = "ARTIFACTS=$MACHINE/artifacts CLI=$MACHINE/artifacts/millrace/x; locked \"$ARTIFACTS\" build_cli";
        var refused = (await _machine.RunAsync(build)).Expect(1);
        Assert.Contains("error CS1002", refused.Error, StringComparison.Ordinal);
        Assert.EndsWith("the compiler's words are above.\n", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot stat", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NU1101: Unable to find package librdkafka.redist. No packages exist with this id in source(s): mirror")]
    [InlineData("NU1102: Unable to find package librdkafka.redist with version (>= 2.16.0)")]
    public async Task A_package_that_no_source_of_NuGet_has_is_named(string words)
    {
        _machine.Has(
            "dotnet", $"[[ $1 != --list-sdks ]] || {{ echo 10.0.100; exit; }}; echo '/src/Millrace.Cli.csproj : error {words}'; exit 1");
        const string build = "ARTIFACTS=$MACHINE/artifacts CLI=$MACHINE/artifacts/millrace/x; locked \"$ARTIFACTS\" build_cli";
        var refused = (await _machine.RunAsync(build)).Expect(1);
        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        Assert.Contains(
            "NuGet finds no usable package librdkafka.redist in the sources that  dotnet nuget list source  names",
            refused.Error.TrimEnd('\n').Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_is_not_the_pinned_one_is_refused()
    {
        var refused = (await _machine.HasBrokenEngine().RunAsync("ensure_libchdb")).Expect(1);
        Assert.Contains("its SHA-512 differs", refused.Error, StringComparison.Ordinal);
        Assert.Empty(_machine.CacheEntries);
    }

    [Theory]
    [InlineData("npm", "touch \"$MACHINE/at-work\"; exec sleep 100")]
    [InlineData("tar", "touch \"$MACHINE/at-work\"; exec sleep 100")]
    public async Task Ctrl_C_in_the_middle_leaves_nothing_half_done_and_the_next_run_completes(string program, string slow)
    {
        using (var stopped = _machine.Has(program, slow).Start("ensure_libchdb"))
        {
            await Eventually.Holds(() => File.Exists(_machine.FileOf("at-work")), $"{program} is at work");
            await SignalGroupAsync(stopped.Id, "INT");
            await stopped.WaitForExitAsync();
            Assert.Equal(130, stopped.ExitCode);
        }
        Assert.Empty(_machine.CacheEntries);
        _machine.Has("npm", FreshMachine.Npm).Has("tar", "exec /usr/bin/tar \"$@\"");
        (await _machine.RunAsync("ensure_libchdb")).Expect(0);
        Assert.Single(_machine.Engines);
    }

    [Fact]
    public async Task What_a_killed_set_up_left_is_removed_by_the_next()
    {
        using (var killed = _machine.Has("tar", "touch \"$MACHINE/at-work\"; exec sleep 100").Start("ensure_libchdb"))
        {
            await Eventually.Holds(() => File.Exists(_machine.FileOf("at-work")), "tar is at work");
            await SignalGroupAsync(killed.Id, "KILL");
            await killed.WaitForExitAsync();
        }
        Assert.NotEmpty(_machine.CacheEntries);
        (await _machine.Has("tar", "exec /usr/bin/tar \"$@\"").RunAsync("ensure_libchdb")).Expect(0);
        Assert.Equal(Path.Combine(_machine.Cache, "libchdb"), Assert.Single(_machine.CacheEntries));
    }

    [Fact]
    public async Task Of_two_launchers_at_once_one_works_and_the_other_waits_for_it()
    {
        _machine.Has("npm", "touch \"$MACHINE/at-work\"; until [[ -e $MACHINE/go ]]; do sleep 0.02; done\n" + FreshMachine.Npm);
        var first = _machine.RunAsync("ensure_libchdb");
        await Eventually.Holds(() => File.Exists(_machine.FileOf("at-work")), "the first is at work");
        using var second = _machine.Start("ensure_libchdb");
        Assert.Contains("waiting for it", await second.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(_machine.FileOf("go"), "");
        await second.WaitForExitAsync();
        Assert.Equal((0, 0, 1), ((await first).ExitCode, second.ExitCode, _machine.LinesOf("npm-calls")));
    }

    [Fact]
    public async Task What_a_step_leaves_running_does_not_hold_the_lock()
    {
        var build = "left() { setsid sleep 30 & echo $! > \"$MACHINE/left\"; }; work() { step Work left; }; locked \"$MACHINE\" work";
        (await _machine.Has("setsid", "exec /usr/bin/setsid \"$@\"").RunAsync(build)).Expect(0);
        var next = (await _machine.RunAsync("locked \"$MACHINE\" true; kill $(cat \"$MACHINE/left\")")).Expect(0);
        Assert.Equal("", next.Error);
    }

    [Fact]
    public async Task A_debian_package_for_tests_is_installed_after_the_lists_are_read_where_they_are_missing()
    {
        const string candidate = "if [[ ${LC_ALL:-} == C ]]; then echo '  Candidate: 1.7.1-1'; else echo '  Кандидат: 1.7.1-1'; fi";
        _machine.Has("apt-cache", $"[[ ! -e $MACHINE/lists ]] || {candidate}")
            .Has("sudo", "[[ $1 == -n ]] && shift; exec \"$@\"")
            .Has("apt-get", "echo \"$1\" >> \"$MACHINE/apt\"; [[ $1 == update ]] && touch \"$MACHINE/lists\"; true");
        (await _machine.RunAsync("source \"$MILLRACE_HOME/scripts/tests.sh\"; ensure_debian_package kcat")).Expect(0);
        Assert.Equal(["update", "install"], await File.ReadAllLinesAsync(_machine.FileOf("apt")));
    }

    [Theory]
    [InlineData("-u HOME")]
    [InlineData("HOME=")]
    public async Task Without_HOME_the_password_file_says_where_the_cache_lies(string home)
    {
        const string asked = """bash -euc 'source "$MILLRACE_HOME/scripts/setup.sh"; echo "$CACHE"'""";
        const string wanted = """eval "echo ~$(id -un)/.cache/millrace" """;
        var cache = await _machine.RunAsync($"env -u XDG_CACHE_HOME {home} {asked}; {wanted}");
        var lines = cache.Expect(0).Output.Split('\n');
        Assert.Equal(lines[1], lines[0]);
        Assert.StartsWith("/", lines[1], StringComparison.Ordinal);
    }

    static Task SignalGroupAsync(int leader, string signal) => Launcher.SignalAsync(-leader, signal);
}
