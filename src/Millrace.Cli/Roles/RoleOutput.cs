using Microsoft.Extensions.Logging;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;

namespace Millrace.Cli.Roles;

/// <summary>
/// What a role tells its supervisor: lines on stdout. Run by hand or by a container it has none, and says nothing there. Any thread may
/// call, and none waits: the role goes on while its supervisor is stopped or stuck.
/// </summary>
static partial class RoleOutput
{
    /// <summary>For what is still on its way when the role ends.</summary>
    static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);

    static readonly Lazy<LineQueue> Stdout = new(() => new LineQueue("stdout", Terminal.Lines(Terminal.OpenStdout())));

    /// <param name="port">Taken by the role; null where nobody connects to it.</param>
    /// <param name="endpoint">Where others reach it then.</param>
    /// <param name="definitions">Fingerprint of the definitions that the role goes by; null where it has none.</param>
    public static void Ready(int? port = null, string? endpoint = null, string? definitions = null) =>
        Write(new RoleEvent(RoleEvent.Ready, endpoint) { Port = port, Definitions = definitions });

    /// <summary>In the role's log, where it is also after <c>up -d</c>.</summary>
    public static void TellWhatIsOpen(ILoggerFactory loggers, string? sentence)
    {
        if (sentence is not null) Open(loggers.CreateLogger("Listener"), sentence);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    static partial void Open(ILogger log, string sentence);

    public static void Write(RoleEvent roleEvent)
    {
        if (RoleLifetime.IsSupervised) Stdout.Value.Add(roleEvent.ToString());
    }

    /// <summary>The role ends: waits for its last words, for a while.</summary>
    public static void Drain()
    {
        if (Stdout.IsValueCreated) Stdout.Value.DrainWithin(DrainLimit);
        Terminal.DrainDiagnostics();
    }
}
