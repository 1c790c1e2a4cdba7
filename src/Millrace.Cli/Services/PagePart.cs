using System.CommandLine;
using System.Net;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Roles;
using Millrace.Cli.Supervision;

namespace Millrace.Cli.Services;

/// <summary>The stand's web page: the last to start, and nothing waits for it.</summary>
sealed class PagePart : StandPart
{
    public override string Name => ServiceNames.Page;

    public override Option<int> Port { get; } = ServerOptions.Port("--page-port", "the web page", 8080);

    public override Option<bool> Without { get; } = new("--no-page") { Description = "Leave out the web page." };

    public override bool IsIn(StandOptions stand, ParseResult up) => !up.GetValue(Without);

    public override IEnumerable<StandSetting> Settings(ParseResult up) => [up.Setting(Port), up.Setting(Without)];

    public override string WhatIsOpen(IPAddress listen, int port) => PageRole.WhatIsOpen(listen, port);

    public override ServiceSpec Spec(StandOptions stand, ParseResult up, StandPorts ports) =>
        new(Name, [ServiceNames.Emitter], known =>
        {
            var choice = ports.For(Name, known);
            var job = new PageJob(stand.Paths.Data, stand.Listen, choice.First, stand.Paths.Streams)
            {
                Endpoints = stand.EndpointsOf(known),
                OtherPorts = choice.Others,
            };
            return ServiceLaunch.OfRole(Name, stand.Paths, job, PageJobJson.Default.PageJob);
        })
        {
            Probe = process => SocketProbe.OfHttp(new IPEndPoint(Exposure.FromHere(stand.Listen), process.Port)),
        };

    public override RoleVerb Verb(GlobalOptions globals)
    {
        var listen = ServerOptions.Listen();
        var insecure = new Option<bool>("--insecure")
        {
            Description = "Ask for no token although --listen opens the page to the network: for a container whose port nobody else reaches.",
        };
        return new("The web page, of any Kafka and ClickHouse.")
        {
            Options = [.. globals.Identity.All, Port, listen, insecure],
            Usable = [globals.Kafka, globals.ClickHouse, globals.Profile, globals.Data, globals.Streams],
            ByHand = (parsed, lifetime) =>
            {
                var invocation = Invocation.From(parsed, globals);
                var job = new PageJob(invocation.Paths.Data, parsed.GetValue(listen)!, parsed.GetValue(Port), invocation.Paths.Streams)
                {
                    IsInsecure = parsed.GetValue(insecure),
                };
                return PageRole.RunAsync(job, invocation.Endpoints(Servers.Both), feed: null, supervisor: null, lifetime);
            },
            Supervised = lifetime =>
            {
                var job = lifetime.TakeJob(PageJobJson.Default.PageJob);
                var link = new SupervisorLink(new(job.Data, job.Streams), [.. ServiceNames.All]);
                return PageRole.RunAsync(job, job.Endpoints!.Resolve(), link.FeedAsync, link, lifetime);
            },
        };
    }
}
