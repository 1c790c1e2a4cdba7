using System.CommandLine;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Roles;
using Millrace.Cli.Supervision;
using Millrace.Streams.Events;

namespace Millrace.Cli.Services;

/// <summary>The stand's emitter.</summary>
sealed class EmitterPart : StandPart
{
    readonly EmitterFlags _flags = new();

    public override string Name => ServiceNames.Emitter;

    public override IReadOnlyList<Option> Options => [.. _flags.All];

    public override IEnumerable<StandSetting> Settings(ParseResult up) => _flags.Settings(up);

    public override ServiceSpec Spec(StandOptions stand, ParseResult up, StandPorts ports)
    {
        var wanted = _flags.Parse(up) with { OpenLoop = stand.OpenLoop };
        // A profile goes on where it is when the emitter's process is another one.
        DateTimeOffset? began = null;
        return new(Name, [ServiceNames.Setup], Launch, RunsOnce: wanted.Events is not null)
        {
            Probe = process => new SpeechProbe(() => process.Heard),
            Load = EmitterLoad.Of(wanted),
        };

        ServiceLaunch Launch(StandState known)
        {
            var job = new EmitterJob(known.Load?.Onto(wanted) ?? wanted, stand.EndpointsOf(known), stand.Paths.Streams)
            {
                ProfileBegan = began ??= TimeProvider.System.GetUtcNow(),
            };
            return ServiceLaunch.OfRole(Name, stand.Paths, job, EmitterJobJson.Default.EmitterJob);
        }
    }

    public override RoleVerb Verb(GlobalOptions globals) => new("Make events and produce them.")
    {
        Options = [.. globals.Identity.All, .. _flags.All],
        Usable = [globals.Kafka, globals.Profile, globals.Data, globals.Streams],
        ByHand = (parsed, lifetime) =>
        {
            var invocation = Invocation.From(parsed, globals);
            return EmitterRole.RunAsync(
                _flags.Parse(parsed), invocation.Endpoints(Servers.Kafka), invocation.Paths.Streams, null, lifetime);
        },
        Supervised = lifetime =>
        {
            var job = lifetime.TakeJob(EmitterJobJson.Default.EmitterJob);
            return EmitterRole.RunAsync(job.Options, job.Endpoints.Resolve(), job.Streams, job.ProfileBegan, lifetime);
        },
    };
}
