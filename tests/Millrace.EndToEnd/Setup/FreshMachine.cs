using System.Diagnostics;
using System.Security.Cryptography;
using Millrace.Testing;

namespace Millrace.EndToEnd.Setup;

/// <summary>
/// A machine that has only the programs a test gives it: scripts/setup.sh runs with them alone on its PATH and with a cache of its own. Its engine is a few
/// bytes, and its npm is a script. Removed at the end of the test.
/// </summary>
sealed class FreshMachine : IDisposable
{
    static readonly string[] Basics =
    [
        "awk", "base64", "bash", "cat", "cp", "cut", "date", "df", "dirname", "du", "env", "flock", "grep", "gzip", "id", "kill", "ls",
        "mkdir", "mktemp", "mv", "od", "rm", "sha512sum", "sleep", "tail", "tar", "touch", "tr", "uname",
    ];

    /// <summary>An npm that packs the engine of <see cref="MakeEngine"/> into the folder it is told.</summary>
    public const string Npm = """
        while [[ $# -gt 0 ]]; do [[ $1 == --pack-destination ]] && folder=$2; shift; done
        echo call >> "$MACHINE/npm-calls"
        cp "$MACHINE/engine.tgz" "$folder/engine.tgz"
        """;

    readonly TemporaryDirectory _directory = new();

    public FreshMachine()
    {
        Directory.CreateDirectory(_directory.Sub("bin"));
        foreach (var tool in Basics) File.CreateSymbolicLink(_directory.Sub($"bin/{tool}"), Where(tool));
        MakeEngine();
        Has("uname", "[[ $1 == -m ]] && echo x86_64 || echo Linux");
    }

    public string Cache => _directory.Sub("cache/millrace");

    public string[] Engines => Directory.Exists(Cache) ? Directory.GetFiles(Cache, "libchdb.so", SearchOption.AllDirectories) : [];

    /// <summary>What is in the cache beside the lock: nothing, where a set-up has failed cleanly.</summary>
    public string[] CacheEntries => Directory.Exists(Cache)
        ? [.. Directory.GetFileSystemEntries(Cache).Where(entry => !entry.EndsWith(".lock", StringComparison.Ordinal))]
        : [];

    public string FileOf(string name) => _directory.Sub(name);

    public int LinesOf(string name) => File.Exists(FileOf(name)) ? File.ReadLines(FileOf(name)).Count() : 0;

    /// <summary>Puts a bash script on the PATH; it finds the machine's folder in <c>$MACHINE</c>.</summary>
    public FreshMachine Has(string program, string script)
    {
        var path = _directory.Sub($"bin/{program}");
        File.Delete(path);
        File.WriteAllText(path, $"#!{Where("bash")}\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this;
    }

    /// <summary>Runs a command with the functions of scripts/setup.sh at hand.</summary>
    public async Task<CommandResult> RunAsync(string command)
    {
        using var process = Start(command);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await output, await error);
    }

    /// <summary>As <see cref="RunAsync"/>, in a process group of its own, as in a terminal.</summary>
    public Process Start(string command)
    {
        var script = $"""
            set -euo pipefail
            source "$MILLRACE_HOME/scripts/setup.sh"
            LIBCHDB_SHA512={Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(_directory.Sub("engine.tgz"))))} LIBCHDB_DISK_MB=1
            {command}
            """;
        var start = new ProcessStartInfo("setsid", ["bash", "-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["MACHINE"] = _directory.Path, ["MILLRACE_HOME"] = Repository.Root, ["PATH"] = _directory.Sub("bin"), ["HOME"] = _directory.Path,
                ["XDG_CACHE_HOME"] = _directory.Sub("cache"), ["DOTNET_ROOT"] = "",
            },
        };
        return Process.Start(start)!;
    }

    /// <summary>Damages the engine that npm delivers.</summary>
    public FreshMachine HasBrokenEngine() => Has("npm", Npm + "\necho more >> \"$folder/engine.tgz\"");

    public void Dispose() => _directory.Dispose();

    void MakeEngine()
    {
        Directory.CreateDirectory(_directory.Sub("package"));
        File.WriteAllText(_directory.Sub("package/libchdb.so"), "an engine");
        using var tar = Process.Start(new ProcessStartInfo("tar", ["-czf", _directory.Sub("engine.tgz"), "-C", _directory.Path, "package/libchdb.so"]))!;
        tar.WaitForExit();
    }

    static string Where(string tool) =>
        new[] { "/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin" }.Select(folder => Path.Combine(folder, tool)).First(File.Exists);
}
