using System.CommandLine;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Roles;
using Millrace.Cli.Supervision;
using Millrace.Streams.Ddl;

namespace Millrace.Cli.Services;

/// <summary>Topics, tables and views.</summary>
sealed class SetupPart : StandPart
{
    public override string Name => ServiceNames.Setup;

    /// <remarks>
    /// It needs the servers that say where they are. Those whose place is known it waits for by itself: started beside them, it has loaded
    /// what it needs by the time they answer.
    /// </remarks>
    public override ServiceSpec Spec(StandOptions stand, ParseResult up, StandPorts ports)
    {
        return new(Name, ports.Open(ServiceNames.Broker, ServiceNames.ClickHouse), Launch, RunsOnce: true);

        ServiceLaunch Launch(StandState known)
        {
            var job = new SetupJob(stand.EndpointsOf(known), stand.Paths.Streams, known.Allowed);
            return ServiceLaunch.OfRole(Name, stand.Paths, job, SetupJobJson.Default.SetupJob);
        }
    }

    public override RoleVerb Verb(GlobalOptions globals) => new("Create or update topics, tables and views, then end.")
    {
        Options = globals.Identity.All,
        Usable = [globals.Kafka, globals.ClickHouse, globals.Profile, globals.Data, globals.Streams],
        ByHand = (parsed, lifetime) =>
        {
            var invocation = Invocation.From(parsed, globals);
            return SetupRole.RunAsync(invocation.Endpoints(Servers.Both), invocation.Paths.Streams, Allowances.None, lifetime);
        },
        Supervised = lifetime =>
        {
            var job = lifetime.TakeJob(SetupJobJson.Default.SetupJob);
            return SetupRole.RunAsync(job.Endpoints.Resolve(), job.Streams, new Allowances(job.Allowed), lifetime);
        },
    };
}
