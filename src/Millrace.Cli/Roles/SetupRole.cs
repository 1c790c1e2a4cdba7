using Microsoft.Extensions.Logging;
using Millrace.Streams;
using Millrace.Streams.Definition;
using Millrace.Streams.Setup;

namespace Millrace.Cli.Roles;

/// <summary><c>millrace run setup</c>: creates or updates topics, tables and views, then ends.</summary>
static class SetupRole
{
    public static async Task RunAsync(StandEndpoints endpoints, string streams, RoleLifetime lifetime)
    {
        using var loggers = RoleLoggerProvider.CreateFactory();
        await StandSetup.RunAsync(endpoints, StreamCatalog.Load(streams), loggers.CreateLogger(typeof(StandSetup).FullName!), lifetime.Stopping);
    }
}
