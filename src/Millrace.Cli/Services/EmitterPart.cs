using Millrace.Cli.Documents;
using Millrace.Cli.Roles;

namespace Millrace.Cli.Supervision;

/// <summary>The emitter as a service.</summary>
static class EmitterSpec
{
    public static ServiceSpec For(StandOptions options) =>
        new(ServiceNames.Emitter, [ServiceNames.Setup], stand => Launch(options, stand), RunsOnce: options.EmitterEnds)
        {
            Probe = process => new SpeechProbe(() => process.Heard),
        };

    static ServiceLaunch Launch(StandOptions options, StandState stand)
    {
        var job = new EmitterJob(options.Emitter, options.EndpointsOf(stand), options.Paths.Streams);
        return ServiceLaunch.OfRole(ServiceNames.Emitter, options.Paths, job, RoleJson.Default.EmitterJob);
    }
}
