using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Millrace.Cli.Documents;
using Millrace.Cli.Endpoints;
using Millrace.Streams;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Setup;
using Millrace.Streams.Status;

namespace Millrace.Cli.Roles;

/// <summary>What setup's process is to do. Immutable.</summary>
/// <param name="Streams">Full path of the folder with the stream definitions.</param>
/// <param name="Allowed">What may be lost, as <c>--allow</c> takes it.</param>
sealed record SetupJob(UnresolvedEndpoints Endpoints, string Streams, IReadOnlyCollection<string> Allowed);

/// <inheritdoc cref="BrokerJobJson"/>
[JsonSerializable(typeof(SetupJob))]
sealed partial class SetupJobJson : JsonSerializerContext;

/// <summary><c>millrace run setup</c>: creates or updates topics, tables and views, then ends.</summary>
static class SetupRole
{
    public static async Task RunAsync(StandEndpoints endpoints, string streams, Allowances allowed, RoleLifetime lifetime)
    {
        using var loggers = RoleLoggerProvider.CreateFactory();
        var log = loggers.CreateLogger(typeof(StandSetup).FullName!);
        var report = await StandSetup.RunAsync(endpoints, StreamCatalog.Load(streams), allowed, log, lifetime.Stopping);
        if (report.ChangedSchema) RoleOutput.Write(new RoleEvent(RoleEvent.Done) { Reason = StandEvent.SchemaChange });
    }
}
