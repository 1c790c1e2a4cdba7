using Millrace.Cli.Documents;
using Millrace.Cli.Roles;

namespace Millrace.Cli.Supervision;

/// <summary>Setup as a service.</summary>
static class SetupSpec
{
    /// <param name="needs">
    /// Names of the services that say where the servers are. Those whose place is known it waits for by itself: started beside them, it has
    /// loaded what it needs by the time they answer.
    /// </param>
    public static ServiceSpec For(StandOptions options, IReadOnlyList<string> needs) =>
        new(ServiceNames.Setup, needs, stand => Launch(options, stand), RunsOnce: true);

    static ServiceLaunch Launch(StandOptions options, StandState stand)
    {
        var job = new SetupJob(options.EndpointsOf(stand), options.Paths.Streams);
        return ServiceLaunch.OfRole(ServiceNames.Setup, options.Paths, job, RoleJson.Default.SetupJob);
    }
}
