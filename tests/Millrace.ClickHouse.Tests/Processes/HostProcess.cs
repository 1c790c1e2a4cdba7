using System.Diagnostics;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests.Processes;

/// <summary>A host in a process of its own, which a test can stop or kill. Disposing kills.</summary>
sealed class HostProcess : IDisposable
{
    readonly Process _process;
    readonly Task<string> _log;

    HostProcess(Process process, string firstLine)
    {
        _process = process;
        _log = process.StandardOutput.ReadToEndAsync();
        FirstLine = firstLine;
        Http = new HttpClient { BaseAddress = Serves ? new Uri(firstLine["serving ".Length..]) : null };
    }

    /// <summary>"serving URL" or "refused WHY".</summary>
    public string FirstLine { get; }

    public bool Serves => FirstLine.StartsWith("serving ", StringComparison.Ordinal);

    public HttpClient Http { get; }

    public int Id => _process.Id;

    /// <param name="temp">Where ASP.NET puts its temporary files.</param>
    /// <param name="launcher">Runs what follows it.</param>
    /// <param name="confine">The kernel confines it: the port that it may connect to and the folders that are open beside its own, a colon
    /// between two.</param>
    /// <param name="collects">It collects garbage once it serves, beside a loop, and prints "collected".</param>
    public static async Task<HostProcess> Start(
        string directory, int port = 0, string? library = null, int sessionTimeoutMs = 6_000, string? temp = null,
        string[]? launcher = null, bool collects = false, string? confine = null, (string Name, string Value)? environment = null)
    {
        string[] command =
        [
            .. launcher ?? [], Environment.ProcessPath!, typeof(HostProcess).Assembly.Location,
            directory, $"{port}", library ?? EngineFixture.LibraryPath, $"{sessionTimeoutMs}",
        ];
        if (collects) command = [.. command, "collect"];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (confine is not null) start.Environment[HostProgram.ConfineVariable] = confine;
        if (environment is { } variable) start.Environment[variable.Name] = variable.Value;
        if (temp is not null) start.Environment["ASPNETCORE_TEMP"] = temp;
        var process = Process.Start(start)!;
        string? line;
        do line = await process.StandardOutput.ReadLineAsync();
        while (line is not null
            && !line.StartsWith("serving ", StringComparison.Ordinal)
            && !line.StartsWith("refused ", StringComparison.Ordinal));
        return new HostProcess(process, line ?? "died");
    }

    public async Task<string> Ask(string statement)
    {
        var answer = await Answer.Of(await Http.PostAsync("/", new StringContent(statement)));
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Text.TrimEnd('\n');
    }

    public Task<string> Until(string statement, string expected) =>
        Eventually.Gives(() => Ask(statement), answer => answer == expected, statement);

    /// <returns>What it logged, once it has ended.</returns>
    public Task<string> Log() => _log;

    /// <returns>How long the clean stop took, and the exit code.</returns>
    public async Task<(TimeSpan Elapsed, int ExitCode)> Stop()
    {
        var started = Stopwatch.GetTimestamp();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        return (Stopwatch.GetElapsedTime(started), _process.ExitCode);
    }

    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        Http.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
