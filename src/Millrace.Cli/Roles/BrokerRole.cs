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
    /// <param name="settings">Over those of a stand, each <c>name=value</c> in Kafka's names.</param>
    public static async Task RunAsync(StandPaths paths, IPAddress listen, int port, string[] settings, RoleLifetime lifetime)
    {
        using var loggers = RoleLoggerProvider.CreateFactory();
        // Setup makes the stand's topics: any other is a misspelt name, as in the compose file.
        var stand = new BrokerOptions { DataDirectory = paths.Broker, ListenAddress = listen, Port = port, AutoCreateTopics = false };
        var options = BrokerSetting.Apply(stand, settings);
        await using var broker = await BrokerHost.StartAsync(options, loggers, lifetime.Stopping);
        RoleOutput.TellWhatIsOpen(loggers, Exposure.Sentence(listen, broker.EndPoint.Port, null, ClickHousePassword.IsSet));
        RoleOutput.Ready(Exposure.Addresses(listen, broker.EndPoint.Port));
        await lifetime.UntilStoppedAsync();
    }
}
