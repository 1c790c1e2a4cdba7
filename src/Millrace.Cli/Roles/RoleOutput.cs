using Millrace.Cli.Supervision;

namespace Millrace.Cli.Roles;

/// <summary>What a role tells its supervisor: lines on stdout.</summary>
static class RoleOutput
{
    /// <param name="endpoint">Where the role answers; null when nobody connects to it.</param>
    public static void Ready(string? endpoint) => Write(new RoleEvent(RoleEvent.Ready, endpoint));

    public static void Write(RoleEvent roleEvent) => Console.Out.WriteLine(roleEvent);
}
