using System.Net;
using Millrace.Cli.Basics;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Supervision;
using Millrace.Kafka.Broker;
using Millrace.Kafka.Broker.Basics;

namespace Millrace.Cli.Roles;

/// <summary><c>millrace run broker</c>: the embedded broker as a process.</summary>
static class BrokerRole
{
    public static async Task RunAsync(StandPaths paths, IPAddress listen, int port, RoleLifetime lifetime)
    {
        using var loggers = RoleLoggerProvider.CreateFactory();
        var options = new BrokerOptions { DataDirectory = paths.Broker, ListenAddress = listen, Port = port };
        await using var broker = await BrokerHost.StartAsync(options, loggers, lifetime.Stopping);
        RoleOutput.TellWhatIsOpen(loggers, Exposure.Sentence(listen, broker.EndPoint.Port, null, ClickHousePassword.IsSet));
        RoleOutput.Ready(Exposure.Addresses(listen, broker.EndPoint.Port));
        await lifetime.UntilStoppedAsync();
    }
}
