using Millrace.Cli.Supervision;

namespace Millrace.Cli.Roles;

/// <summary>What a role tells its supervisor: lines on stdout. Run by hand or by a container it has none, and says nothing there.</summary>
static class RoleOutput
{
    /// <param name="endpoint">Where the role answers; null when nobody connects to it.</param>
    public static void Ready(string? endpoint) => Write(new RoleEvent(RoleEvent.Ready, endpoint));

    public static void Write(RoleEvent roleEvent)
    {
        if (RoleLifetime.IsSupervised) Console.Out.WriteLine(roleEvent);
    }
}
