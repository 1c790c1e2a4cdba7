using System.CommandLine;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Roles;
using Millrace.Cli.Supervision;
using Millrace.ClickHouse.Confining;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace run ROLE</c>: one part of the stand as this very process. <c>up</c> starts these; by hand they are for whoever wants a part alone.</summary>
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
        return Role(options, ServiceNames.Broker, "The embedded broker.", [port, listen, settings], (parsed, lifetime) =>
            BrokerRole.RunAsync(
                DataOf(parsed, options), parsed.GetValue(listen)!, parsed.GetValue(port), parsed.GetValue(settings) ?? [], lifetime),
            options.Data);
    }

    static Command ClickHouseVerb(GlobalOptions options)
    {
        var port = ServerOptions.ClickHousePort();
        var kafkaPort = ServerOptions.ReachableKafkaPort();
        var listen = ServerOptions.Listen();
        var insecure = ServerOptions.Insecure();
        var allowedFolders = ServerOptions.AllowedFolders();
        var queueTables = ServerOptions.QueueTables();
        Option[] roleOptions = [port, kafkaPort, listen, insecure, allowedFolders, queueTables];
        return Role(options, ServiceNames.ClickHouse, "The ClickHouse engine behind its HTTP interface.", roleOptions, (parsed, lifetime) =>
        {
            Exposure.RequirePassword(parsed.GetValue(listen)!, ClickHousePassword.IsSet, parsed.GetValue(insecure));
            int? kafka = parsed.GetValue(kafkaPort) is > 0 and var one ? one : null;
            var folders = parsed.GetValue(allowedFolders) ?? [];
            return ClickHouseRole.RunAsync(
                DataOf(parsed, options), parsed.GetValue(listen)!, parsed.GetValue(port), kafka, folders, parsed.GetValue(queueTables), lifetime);
        }, options.Data);
    }

    static Command SetupVerb(GlobalOptions options)
    {
        const string description = "Create or update topics, tables and views, then end.";
        return Role(options, ServiceNames.Setup, description, options.Identity.All, (parsed, lifetime) =>
        {
            var invocation = Invocation.From(parsed, options);
            return SetupRole.RunAsync(invocation.Endpoints(Servers.Both), invocation.Paths.Streams, lifetime);
        }, options.Kafka, options.ClickHouse, options.Profile, options.Data, options.Streams);
    }

    static Command EmitterVerb(GlobalOptions options)
    {
        var flags = new EmitterFlags();
        var command = Role(options, ServiceNames.Emitter, "Make events and produce them.", options.Identity.All, (parsed, lifetime) =>
        {
            var invocation = Invocation.From(parsed, options);
            return EmitterRole.RunAsync(flags.Parse(parsed), invocation.Endpoints(Servers.Kafka), invocation.Paths.Streams, lifetime);
        }, options.Kafka, options.Profile, options.Data, options.Streams);
        flags.AddTo(command);
        return command;
    }

    static Command Role(
        GlobalOptions options, string name, string description, Option[] roleOptions, Func<ParseResult, RoleLifetime, Task> run,
        params Option[] usable)
    {
        var command = new Command(name, description);
        foreach (var option in roleOptions) command.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            using var lifetime = new RoleLifetime();
            try
            {
                await run(parsed, lifetime);
            }
            finally
            {
                RoleOutput.Drain();
            }
            return lifetime.Interrupted ? ExitCodes.Cancelled : ExitCodes.Success;
        });
        return options.Only(command, usable);
    }

    /// <summary>
    /// A server that is run by hand keeps its data in a stand's directory too, and marks it as its supervisor would have.
    /// </summary>
    static StandPaths DataOf(ParseResult parsed, GlobalOptions options)
    {
        var paths = Invocation.From(parsed, options).Paths;
        // Begun anew, it may not look outside its own folder any more.
        if (!RoleLifetime.IsSupervised && !Confinement.IsInForce) DataDirectoryLock.TryTake(paths)?.Dispose();
        return paths;
    }
}
