using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Cli.Basics;

namespace Millrace.Cli.Roles;

/// <summary>
/// What a supervised role is to do, and when any role has to stop: on SIGTERM; run by hand, on Ctrl-C; run by a supervisor, when its stdin
/// ends, which it does when the supervisor closes it or is killed. The first line of that stdin is the role's job. A supervised role takes
/// no notice of Ctrl-C and of a closed terminal: they reach every process of the terminal, and the supervisor stops its services in an
/// order.
/// </summary>
sealed class RoleLifetime : IDisposable
{
    /// <summary>Environment variable, set to 1 by a supervisor.</summary>
    public const string SupervisedVariable = "MILLRACE_SUPERVISED";

    /// <summary>This process has a supervisor.</summary>
    public static readonly bool IsSupervised = Environment.GetEnvironmentVariable(SupervisedVariable) == "1";

    readonly CancellationTokenSource _stopping = new();
    readonly PosixSignalRegistration[] _registrations;
    readonly StreamReader _input = IsSupervised ? new StreamReader(Console.OpenStandardInput()) : StreamReader.Null;

    public RoleLifetime()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, IsSupervised ? Ignore : Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, IsSupervised ? Ignore : Stop),
        ];
    }

    public CancellationToken Stopping => _stopping.Token;

    /// <summary>
    /// A line that the supervisor sent after the job; called on a thread of its own. To be set before the role says that it is ready, as
    /// nothing is sent before.
    /// </summary>
    public Action<string>? OnOrder { private get; set; }

    /// <summary>Ctrl-C ended it.</summary>
    public bool Interrupted { get; private set; }

    /// <summary>Reads what the supervisor wants of this process; to be called once.</summary>
    /// <exception cref="OperationCanceledException">The supervisor is gone already.</exception>
    public T TakeJob<T>(JsonTypeInfo<T> type)
    {
        var job = _input.ReadLine() ?? throw new OperationCanceledException();
        new Thread(StopAtEndOfInput) { IsBackground = true, Name = "supervisor watch" }.Start();
        return JsonSerializer.Deserialize(job, type)!;
    }

    /// <summary>Returns when the role has to stop.</summary>
    public Task UntilStoppedAsync() => Stopping.UntilCancelledAsync();

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    static void Ignore(PosixSignalContext context) => context.Cancel = true;

    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGINT) Interrupted = true;
        _stopping.Cancel();
    }

    void StopAtEndOfInput()
    {
        while (_input.ReadLine() is { } order) OnOrder?.Invoke(order);
        _stopping.Cancel();
    }
}
