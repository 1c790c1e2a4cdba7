using System.Diagnostics;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;

namespace Millrace.Cli.Supervision;

/// <summary>
/// One process of a service, from its start to its end. Its stdout carries <see cref="RoleEvent"/> lines, its stderr becomes the service's log, and the
/// end of its stdin tells it to stop: so it also stops when its supervisor is killed. Any thread may call.
/// </summary>
sealed class ServiceProcess
{
    /// <summary>For the last lines of a process that has ended: they are in the pipe already, unless a child of it keeps the pipe open.</summary>
    static readonly TimeSpan LastLinesLimit = TimeSpan.FromSeconds(1);

    readonly Process _process; // left to the finalizer: a stop may still wait for it when its runner has moved on
    readonly LineQueue _log;
    readonly string? _noise;
    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    /// <summary>One line at a time; held for as long as a pipe takes one.</summary>
    readonly Lock _told = new();
    Task _output = Task.CompletedTask;
    volatile string _lastWords = "";
    long _heard;

    /// <exception cref="CliException">The program can't be started.</exception>
    public ServiceProcess(ServiceSpec spec, ServiceLaunch launch, LineQueue log)
    {
        (_log, _noise) = (log, spec.Noise);
        _process = Start(spec.Name, launch);
        if (launch.Job is { } job) Tell(job);
        // A process that is gone already leaves an identity that is never alive.
        Identity = ProcessIdentity.Of(_process.Id) ?? new ProcessIdentity(_process.Id, -1);
    }

    public ProcessIdentity Identity { get; }

    /// <summary>TCP port that it listens on; 0 until it is ready, and where it opens none.</summary>
    public int Port { get; private set; }

    /// <summary>How many events it has sent, but for what its meters read: a timer of its own tells those.</summary>
    public long Heard => Volatile.Read(ref _heard);

    /// <summary>Completes when the process says that it is ready; never for one that ends before.</summary>
    public Task Ready => _ready.Task;

    /// <summary>
    /// Begins to read what the process says; to be called once. <paramref name="onEvent"/> may run before this returns, and later on any
    /// thread.
    /// </summary>
    public void Listen(Action<RoleEvent> onEvent) => _output = Task.WhenAll(ReadEventsAsync(onEvent), ReadDiagnosticsAsync());

    /// <summary>Completes when the process has ended and all it said is on its way to the log.</summary>
    public async Task<ServiceExit> ExitAsync()
    {
        await _process.WaitForExitAsync();
        await _output.WaitAsync(LastLinesLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new ServiceExit(_process.ExitCode, _lastWords);
    }

    /// <summary>Asks the process to stop, and kills it when it has not done so within <paramref name="limit"/>.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        CloseInput();
        using var late = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            _log.Add($"not stopped within {limit.TotalSeconds:0} s: killed");
            Kill();
        }
    }

    /// <summary>SIGKILL: it gets no chance to say goodbye.</summary>
    public void Kill() => _process.Kill();

    static Process Start(string service, ServiceLaunch launch)
    {
        var start = new ProcessStartInfo(launch.Program, launch.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in launch.Environment) start.Environment[name] = value;
        try
        {
            return launch.Confinement is { } confinement ? confinement.Start(variables => Start(start, variables)) : Process.Start(start)!;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                ExitCodes.CannotStart, $"{launch.Program} can't be started for the service {service}: {e.Message.TrimEnd('.')}.", e);
        }
    }

    static Process Start(ProcessStartInfo start, IReadOnlyDictionary<string, string> variables)
    {
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>One line. A pipe holds 64 KiB and a line is smaller: this does not wait for the process.</summary>
    public void Tell(string line)
    {
        lock (_told)
            try { _process.StandardInput.WriteLine(line); }
            catch (Exception e) when (e is IOException or ObjectDisposedException) { /* It ended, or is to end, before it was told. */ }
    }

    void CloseInput()
    {
        lock (_told)
            try { _process.StandardInput.Close(); }
            catch (IOException) { /* It ended before it read its input. */ }
    }

    async Task ReadEventsAsync(Action<RoleEvent> onEvent)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (RoleEvent.Parse(line) is not { } roleEvent)
            {
                _log.Add(line);
                continue;
            }
            if (roleEvent.Event != RoleEvent.Metered) Interlocked.Increment(ref _heard);
            if (roleEvent.Event == RoleEvent.Ready) Port = roleEvent.Port ?? 0;
            onEvent(roleEvent);
            if (roleEvent.Event == RoleEvent.Ready) _ready.TrySetResult();
        }
    }

    async Task ReadDiagnosticsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            if (_noise is not null && line.Contains(_noise, StringComparison.Ordinal)) continue;
            if (line.Length > 0) _lastWords = line;
            _log.Add(line);
        }
    }
}

/// <summary>How a process ended. Immutable.</summary>
/// <param name="Code">Its exit code; 128 + the signal that killed it.</param>
/// <param name="LastWords">The last line it wrote to stderr; empty when there was none.</param>
sealed record ServiceExit(int Code, string LastWords)
{
    const int SignalBase = 128;

    /// <summary>With what it said itself, where it ended with a sentence.</summary>
    public string Reason => ExitCodes.HasSentence(Code) && LastWords.Length > 0 ? $"{this}: {LastWords}" : ToString();

    public override string ToString() => Code switch
    {
        SignalBase + 9 => "killed (SIGKILL)",
        SignalBase + 6 => "aborted (SIGABRT)",
        SignalBase + 11 => "crashed (SIGSEGV)",
        SignalBase + 15 => "ended by SIGTERM",
        _ => $"exit code {Code}",
    };
}
