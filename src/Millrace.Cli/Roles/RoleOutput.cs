using Microsoft.Extensions.Logging;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Roles;

/// <summary>What a role tells its supervisor: lines on stdout. Run by hand or by a container it has none, and says nothing there.</summary>
static partial class RoleOutput
{
    /// <param name="endpoint">Where the role answers; null when nobody connects to it.</param>
    public static void Ready(string? endpoint) => Write(new RoleEvent(RoleEvent.Ready, endpoint));

    /// <summary>In the role's log, where it is also after <c>up -d</c>.</summary>
    public static void TellWhatIsOpen(ILoggerFactory loggers, string? sentence)
    {
        if (sentence is not null) Open(loggers.CreateLogger("Listener"), sentence);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    static partial void Open(ILogger log, string sentence);

    public static void Write(RoleEvent roleEvent)
    {
        if (RoleLifetime.IsSupervised) Console.Out.WriteLine(roleEvent);
    }
}
