using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Roles;
using Millrace.Cli.Supervision;
using Millrace.ClickHouse.Confining;

namespace Millrace.Cli.Commands;

/// <summary>
/// <c>millrace run ROLE</c>: one part of the stand as this very process. <c>up</c> starts these; by hand they are for whoever wants a
/// part alone.
/// </summary>
static class RunCommand
{
    public static Command Create(GlobalOptions options) => new("run", "Run one part of the stand in this process, without supervision.")
    {
        BrokerVerb(options),
        ClickHouseVerb(options),
        SetupVerb(options),
        EmitterVerb(options),
    };

    static Command BrokerVerb(GlobalOptions options)
    {
        var port = ServerOptions.KafkaPort();
        var listen = ServerOptions.Listen();
        var settings = ServerOptions.BrokerSettings();
        return Role(new(options, ServiceNames.Broker, "The embedded broker.")
        {
            Options = [port, listen, settings],
            Usable = [options.Data],
            ByHand = (parsed, lifetime) => BrokerRole.RunAsync(
                new BrokerJob(DataOf(parsed, options), parsed.GetValue(listen)!, parsed.GetValue(port))
                {
                    Settings = parsed.GetValue(settings) ?? [],
                },
                lifetime),
            Supervised = lifetime => BrokerRole.RunAsync(lifetime.TakeJob(RoleJson.Default.BrokerJob), lifetime),
        });
    }

    static Command ClickHouseVerb(GlobalOptions options)
    {
        var port = ServerOptions.ClickHousePort();
        var kafkaPort = ServerOptions.ReachableKafkaPort();
        var listen = ServerOptions.Listen();
        var insecure = ServerOptions.Insecure();
        var allowedFolders = ServerOptions.AllowedFolders();
        var queueTables = ServerOptions.QueueTables();
        return Role(new(options, ServiceNames.ClickHouse, "The ClickHouse engine behind its HTTP interface.")
        {
            Options = [port, kafkaPort, listen, insecure, allowedFolders, queueTables],
            Usable = [options.Data],
            ByHand = (parsed, lifetime) =>
            {
                Exposure.RequirePassword(parsed.GetValue(listen)!, ClickHousePassword.IsSet, parsed.GetValue(insecure));
                var job = new ClickHouseJob(DataOf(parsed, options), parsed.GetValue(listen)!, parsed.GetValue(port))
                {
                    KafkaPort = parsed.GetValue(kafkaPort) is > 0 and var one ? one : null,
                    AllowedFolders = parsed.GetValue(allowedFolders) ?? [],
                    QueueTables = parsed.GetValue(queueTables),
                };
                return ClickHouseRole.RunAsync(job, lifetime);
            },
            Supervised = lifetime => ClickHouseRole.RunAsync(lifetime.TakeJob(RoleJson.Default.ClickHouseJob), lifetime),
        });
    }

    static Command SetupVerb(GlobalOptions options) =>
        Role(new(options, ServiceNames.Setup, "Create or update topics, tables and views, then end.")
        {
            Options = options.Identity.All,
            Usable = [options.Kafka, options.ClickHouse, options.Profile, options.Data, options.Streams],
            ByHand = (parsed, lifetime) =>
            {
                var invocation = Invocation.From(parsed, options);
                return SetupRole.RunAsync(invocation.Endpoints(Servers.Both), invocation.Paths.Streams, lifetime);
            },
            Supervised = lifetime =>
            {
                var job = lifetime.TakeJob(RoleJson.Default.SetupJob);
                return SetupRole.RunAsync(job.Endpoints.Resolve(), job.Streams, lifetime);
            },
        });

    static Command EmitterVerb(GlobalOptions options)
    {
        var flags = new EmitterFlags();
        return Role(new(options, ServiceNames.Emitter, "Make events and produce them.")
        {
            Options = [.. options.Identity.All, .. flags.All],
            Usable = [options.Kafka, options.Profile, options.Data, options.Streams],
            ByHand = (parsed, lifetime) =>
            {
                var invocation = Invocation.From(parsed, options);
                return EmitterRole.RunAsync(flags.Parse(parsed), invocation.Endpoints(Servers.Kafka), invocation.Paths.Streams, lifetime);
            },
            Supervised = lifetime =>
            {
                var job = lifetime.TakeJob(RoleJson.Default.EmitterJob);
                return EmitterRole.RunAsync(job.Options, job.Endpoints.Resolve(), job.Streams, lifetime);
            },
        });
    }

    static Command Role(RoleVerb verb)
    {
        var command = new Command(verb.Name, verb.Description);
        foreach (var option in verb.Options) command.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            using var lifetime = new RoleLifetime();
            try
            {
                await (RoleLifetime.IsSupervised ? verb.Supervised(lifetime) : verb.ByHand(parsed, lifetime));
            }
            finally
            {
                RoleOutput.Drain();
            }
            return lifetime.Interrupted ? ExitCodes.Cancelled : ExitCodes.Success;
        });
        return verb.Globals.Only(command, verb.Usable);
    }

    /// <summary>One verb of <c>run</c>. Immutable.</summary>
    sealed record RoleVerb(GlobalOptions Globals, string Name, string Description)
    {
        public required IReadOnlyList<Option> Options { get; init; }

        /// <summary>Those of <see cref="Globals"/> that it can use.</summary>
        public required Option[] Usable { get; init; }

        /// <summary>Does what the command line says.</summary>
        public required Func<ParseResult, RoleLifetime, Task> ByHand { get; init; }

        /// <summary>Does the job that a supervisor gives, who parsed what the user wants.</summary>
        public required Func<RoleLifetime, Task> Supervised { get; init; }
    }

    /// <summary>
    /// A server that is run by hand keeps its data in a stand's directory too, and marks it as its supervisor would have.
    /// </summary>
    /// <returns>Its full path.</returns>
    static string DataOf(ParseResult parsed, GlobalOptions options)
    {
        var paths = Invocation.From(parsed, options).Paths;
        // Begun anew, it may not look outside its own folder any more.
        if (!Confinement.IsInForce) DataDirectoryLock.TryTake(paths)?.Dispose();
        return paths.Data;
    }
}
